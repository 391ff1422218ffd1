using System.Text.RegularExpressions;

namespace CnnTools.HelpBuilder;

internal enum BlockKind
{
    Heading,
    Paragraph,
    Item,
    Table,
    Code,
}

/// <summary>A piece of a page.</summary>
/// <param name="Level">Of a heading: how many #; of a list's item: how deep it is indented.</param>
/// <param name="Text">Without markup; lines are kept in code and tables only.</param>
/// <param name="Language">What stands behind the fence of code.</param>
internal sealed record Block(BlockKind Kind, int Level, string Text, string Language, int Line);

/// <summary>The little Markdown that help needs.</summary>
internal static partial class Markdown
{
    public static List<Block> Read(string file)
    {
        string[] lines = File.ReadAllLines(file);
        List<Block> blocks = [];
        int i = lines is ["---", ..] ? Array.IndexOf(lines, "---", 1) + 1 : 0;
        while (i < lines.Length)
        {
            int start = i;
            string line = lines[i];
            Match fence = Fence().Match(line);
            if (fence.Success)
            {
                int end = start + 1;
                while (end < lines.Length && !lines[end].TrimStart().StartsWith(fence.Groups["ticks"].Value, StringComparison.Ordinal))
                {
                    end++;
                }

                int indent = fence.Groups["indent"].Length;
                string code = string.Join('\n', lines[(start + 1)..Math.Min(end, lines.Length)]
                    .Select(l => l[Math.Min(indent, l.Length - l.TrimStart().Length)..].TrimEnd()));
                blocks.Add(new(BlockKind.Code, 0, code, fence.Groups["language"].Value, start + 1));
                i = end + 1;
            }
            else if (Heading().Match(line) is { Success: true } heading)
            {
                blocks.Add(new(BlockKind.Heading, heading.Groups[1].Length, Plain(heading.Groups[2].Value), "", start + 1));
                i++;
            }
            else if (string.IsNullOrWhiteSpace(line) || Comment().IsMatch(line))
            {
                i++;
            }
            else if (line.StartsWith('|'))
            {
                i = EndOf(lines, start, l => l.StartsWith('|'));
                blocks.Add(new(BlockKind.Table, 0, Table(lines[start..i]), "", start + 1));
            }
            else
            {
                Match item = Item().Match(line);
                i = EndOf(lines, start, l => !StartsBlock(l));
                string text = string.Join(' ', lines[start..i].Select(l => Quote().Replace(l, "").Trim()));
                blocks.Add(item.Success
                    ? new(BlockKind.Item, item.Groups[1].Length, Plain(text), "", start + 1)
                    : new(BlockKind.Paragraph, 0, Plain(text), "", start + 1));
            }
        }

        return blocks;
    }

    private static bool StartsBlock(string line) =>
        string.IsNullOrWhiteSpace(line) || line.StartsWith('|')
        || Fence().IsMatch(line) || Heading().IsMatch(line) || Item().IsMatch(line) || Comment().IsMatch(line);

    private static int EndOf(string[] lines, int start, Func<string, bool> belongs)
    {
        int end = start + 1;
        while (end < lines.Length && belongs(lines[end]))
        {
            end++;
        }

        return end;
    }

    /// <summary>Columns as wide as their widest cell, the rule under the head as dashes.</summary>
    private static string Table(string[] lines)
    {
        string[][] rows = [.. lines.Where(l => !TableRule().IsMatch(l)).Select(l => l.Trim().Trim('|').Split('|').Select(c => Plain(c.Trim())).ToArray())];
        int[] widths = [.. Enumerable.Range(0, rows.Max(r => r.Length)).Select(c => rows.Max(r => c < r.Length ? r[c].Length : 0))];
        IEnumerable<string> text = rows.Select(r => string.Join("  ", r.Select((cell, c) => cell.PadRight(widths[c]))).TrimEnd());
        string rule = string.Join("  ", widths.Select(w => new string('-', w)));
        return string.Join('\n', [text.First(), rule, .. text.Skip(1)]);
    }

    private static string Plain(string text)
    {
        // Code first, and left alone after: an asterisk in it is no emphasis.
        string[] parts = text.Split('`');
        for (int i = 0; i < parts.Length; i += 2)
        {
            parts[i] = Link().Replace(parts[i], m => m.Groups[2].Value.Contains("://", StringComparison.Ordinal)
                ? $"{m.Groups[1].Value} ({m.Groups[2].Value})"
                : m.Groups[1].Value);
            parts[i] = Escape().Replace(Emphasis().Replace(parts[i], "$2"), "$1");
        }

        return string.Concat(parts);
    }

    [GeneratedRegex(@"^(?<indent>\s*)(?<ticks>```+|~~~+)\s*(?<language>[\w-]*)\s*$")]
    private static partial Regex Fence();

    [GeneratedRegex(@"^(#{1,6})\s+(.*?)\s*#*$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^(\s*)(?:[-*+]|\d+[.)])\s+")]
    private static partial Regex Item();

    [GeneratedRegex(@"^\s*<!--.*-->\s*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^>\s?")]
    private static partial Regex Quote();

    [GeneratedRegex(@"^\|[\s:|-]+\|?\s*$")]
    private static partial Regex TableRule();

    [GeneratedRegex(@"\[([^\]]+)\]\(([^)\s]*)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<!\w)(\*\*|\*|__|_)(?=\S)(.+?)(?<=\S)\1(?!\w)")]
    private static partial Regex Emphasis();

    [GeneratedRegex(@"\\([\\`*_{}\[\]()#+.!<>|-])")]
    private static partial Regex Escape();
}
