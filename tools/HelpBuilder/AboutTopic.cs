using System.Text;

namespace CnnTools.HelpBuilder;

/// <summary>A conceptual topic as plain text.</summary>
internal static class AboutTopic
{
    private const int Width = 80;

    public static string Convert(string name, List<Block> blocks, string file, Problems problems)
    {
        // Get-Help takes the fifth line as the synopsis, so the head has this very form.
        int summary = blocks.FindIndex(b => b.Kind == BlockKind.Paragraph);
        if (summary < 0 || blocks is not [{ Kind: BlockKind.Heading, Level: 1 } title, ..] || title.Text != name)
        {
            problems.Error(file, 1, $"A topic begins with '# {name}' and a sentence that sums it up.");
            return "";
        }

        StringBuilder text = new();
        text.Append("TOPIC\n    ").Append(name).Append("\n\nSHORT DESCRIPTION\n    ").Append(blocks[summary].Text).Append('\n');
        string section = "LONG DESCRIPTION";
        BlockKind previous = BlockKind.Heading;
        for (int i = 1; i < blocks.Count; i++)
        {
            Block block = blocks[i];
            if (i == summary || block is { Kind: BlockKind.Heading, Text: "Short description" or "SHORT DESCRIPTION" })
            {
                continue;
            }

            if (block.Kind == BlockKind.Heading)
            {
                section = block.Level <= 2 ? block.Text.ToUpperInvariant() : block.Text;
                text.Append('\n').Append(block.Level <= 2 ? "" : "  ").Append(section).Append('\n');
                section = "";
            }
            else
            {
                if (section.Length > 0)
                {
                    text.Append('\n').Append(section).Append('\n');
                    section = "";
                }
                else if (previous != BlockKind.Heading && !(previous == BlockKind.Item && block.Kind == BlockKind.Item))
                {
                    text.Append('\n');
                }

                text.Append(Body(block));
            }

            previous = block.Kind;
        }

        return text.ToString();
    }

    private static string Body(Block block) => block.Kind switch
    {
        BlockKind.Code => Indented(block.Text, 8),
        BlockKind.Table => Indented(block.Text, 4),
        BlockKind.Item => Wrapped(block.Text, 4 + block.Level, 6 + block.Level),
        _ => Wrapped(block.Text, 4, 4),
    };

    private static string Indented(string text, int indent) =>
        string.Concat(text.Split('\n').Select(l => (new string(' ', indent) + l).TrimEnd() + "\n"));

    private static string Wrapped(string text, int first, int others)
    {
        StringBuilder result = new(new string(' ', first));
        int column = first;
        int start = first;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column > start && column + 1 + word.Length > Width)
            {
                result.Append('\n').Append(' ', others);
                column = start = others;
            }
            else if (column > start)
            {
                result.Append(' ');
                column++;
            }

            result.Append(word);
            column += word.Length;
        }

        return result.Append('\n').ToString();
    }
}
