using System.Text.RegularExpressions;

namespace CnnTools.HelpBuilder;

/// <summary>Something with a name and prose about it: a parameter, an input or output type, an example.</summary>
internal sealed record Entry(string Name, List<Block> Body, int Line);

/// <summary>A cmdlet's page in platyPS's layout; its SYNTAX section is skipped, for the assembly knows better.</summary>
internal sealed record Page(
    string File,
    List<Block> Synopsis,
    List<Block> Description,
    List<Entry> Examples,
    List<Entry> Parameters,
    List<Entry> Inputs,
    List<Entry> Outputs,
    List<Block> Notes,
    List<(string Text, string Uri)> Links)
{
    /// <summary>The parameters that PowerShell itself documents, and the two that every such cmdlet has alike.</summary>
    private static readonly string[] Given = ["CommonParameters", "WhatIf", "Confirm"];

    private static readonly string[] Sections =
    [
        "SYNOPSIS", "SYNTAX", "DESCRIPTION", "EXAMPLES", "PARAMETERS", "INPUTS", "OUTPUTS", "NOTES", "RELATED LINKS",
    ];

    public static Page Read(string file, Problems problems)
    {
        Dictionary<string, List<Block>> sections = Sections.ToDictionary(s => s, _ => new List<Block>());
        List<Block> current = [];
        foreach (Block block in Markdown.Read(file))
        {
            if (block is not { Kind: BlockKind.Heading, Level: <= 2 })
            {
                current.Add(block);
            }
            else if (block.Level == 2 && !sections.TryGetValue(block.Text, out current!))
            {
                problems.Error(file, block.Line, $"'{block.Text}' is none of {string.Join(", ", Sections)}.");
                current = [];
            }
            else if (block.Level == 1 && block.Text != Path.GetFileNameWithoutExtension(file))
            {
                problems.Error(file, block.Line, $"The heading says {block.Text}, the file is {Path.GetFileName(file)}.");
            }
        }

        return new Page(
            file,
            sections["SYNOPSIS"],
            sections["DESCRIPTION"],
            Entries(sections["EXAMPLES"]),
            [.. Entries(sections["PARAMETERS"]).Select(e => e with { Name = e.Name.TrimStart('-') })],
            Entries(sections["INPUTS"]),
            Entries(sections["OUTPUTS"]),
            sections["NOTES"],
            ReadLinks(file));
    }

    public void CheckAgainst(CmdletFacts cmdlet, Problems problems)
    {
        foreach (Entry entry in Parameters.Where(e => !Given.Contains(e.Name) && cmdlet.Parameters.All(p => p.Name != e.Name)))
        {
            problems.Error(File, entry.Line, $"{cmdlet.Name} has no parameter {entry.Name}.");
        }

        foreach (Entry entry in Parameters.Where(e => e.Body.Count == 0))
        {
            problems.Error(File, entry.Line, $"{cmdlet.Name} -{entry.Name} has a heading and no description.");
        }

        foreach (ParameterFacts parameter in cmdlet.Parameters)
        {
            int described = Parameters.Count(e => e.Name == parameter.Name);
            if (described == 0 && !Given.Contains(parameter.Name))
            {
                problems.Error(File, 1, $"{cmdlet.Name} -{parameter.Name} is not described.");
            }
            else if (described > 1)
            {
                problems.Error(File, 1, $"{cmdlet.Name} -{parameter.Name} is described {described} times.");
            }
        }

        foreach (string type in cmdlet.OutputTypes.Where(t => Outputs.All(o => o.Name != t)))
        {
            problems.Error(File, 1, $"{cmdlet.Name} emits {type}, which OUTPUTS does not tell of.");
        }

        if (Synopsis.Count == 0 || Description.Count == 0 || Examples.Count == 0)
        {
            problems.Error(File, 1, "A page has a synopsis, a description and at least one example.");
        }
    }

    /// <summary>A parameter's prose; without a page's own, what PowerShell says of those two everywhere.</summary>
    public List<Block> Describe(ParameterFacts parameter) =>
        Parameters.FirstOrDefault(e => e.Name == parameter.Name)?.Body.Where(b => b.Language != "yaml").ToList()
        ?? [new(BlockKind.Paragraph, 0, parameter.Name == "WhatIf"
            ? "Shows what would happen if the cmdlet ran. The cmdlet does not run."
            : "Prompts for confirmation before the cmdlet runs.", "", 0)];

    /// <summary>
    /// The default that a page states in a yaml block of the parameter ("Default value: 64"): the one thing that
    /// attributes often cannot say.
    /// </summary>
    public string? Default(ParameterFacts parameter)
    {
        string yaml = Parameters.FirstOrDefault(e => e.Name == parameter.Name)?.Body.FirstOrDefault(b => b.Language == "yaml")?.Text ?? "";
        Match match = Regex.Match(yaml, @"^Default value:[ \t]*(.+)$", RegexOptions.Multiline);
        return match.Success ? match.Groups[1].Value.Trim() : parameter.Default;
    }

    private static List<Entry> Entries(List<Block> section)
    {
        List<Entry> entries = [];
        foreach (Block block in section)
        {
            if (block.Kind == BlockKind.Heading)
            {
                entries.Add(new Entry(block.Text, [], block.Line));
            }
            else if (entries.Count > 0)
            {
                entries[^1].Body.Add(block);
            }
        }

        return entries;
    }

    /// <summary>From the raw text, since blocks are without markup.</summary>
    private static List<(string, string)> ReadLinks(string file)
    {
        string text = System.IO.File.ReadAllText(file);
        int start = text.IndexOf("\n## RELATED LINKS", StringComparison.Ordinal);
        return start < 0
            ? []
            : [.. Regex.Matches(text[start..], @"\[([^\]]+)\]\(([^)\s]*)\)").Select(m => (m.Groups[1].Value, m.Groups[2].Value))];
    }
}
