// Turns docs/en-US/*.md into the help that PowerShell reads. The pages carry prose only: syntax and the parameters'
// metadata come from the built assembly, so they cannot drift, and a page that does not fit the assembly fails the build.
//     HelpBuilder --assembly DLL --manifest PSD1 --source FOLDER --output FOLDER [--strict]

using System.Text.RegularExpressions;
using CnnTools.HelpBuilder;

Dictionary<string, string> options = [];
for (int i = 0; i < args.Length; i++)
{
    options[args[i]] = args[i] == "--strict" ? "true" : args[++i];
}

string source = options["--source"];
string output = Directory.CreateDirectory(options["--output"]).FullName;
string assembly = options["--assembly"];
Problems problems = new(strict: options.ContainsKey("--strict"));

Dictionary<string, CmdletFacts> cmdlets = CmdletFacts.Read(assembly).ToDictionary(c => c.Name, StringComparer.Ordinal);
string[] exported = ExportedCmdlets(options["--manifest"]);
foreach (string name in exported.Where(n => !cmdlets.ContainsKey(n)))
{
    problems.Error(options["--manifest"], 1, $"CmdletsToExport names {name}, which {Path.GetFileName(assembly)} does not have.");
}

string[] pages = Directory.Exists(source) ? [.. Directory.EnumerateFiles(source, "*.md").Order(StringComparer.Ordinal)] : [];
List<(CmdletFacts, Page)> documented = [];
HashSet<string> topics = [];
foreach (string file in pages)
{
    string name = Path.GetFileNameWithoutExtension(file);
    if (name.StartsWith("about_", StringComparison.Ordinal))
    {
        string topic = name + ".help.txt";
        topics.Add(topic);
        File.WriteAllText(Path.Combine(output, topic), AboutTopic.Convert(name, Markdown.Read(file), file, problems));
    }
    else if (exported.Contains(name) && cmdlets.TryGetValue(name, out CmdletFacts? cmdlet))
    {
        Page page = Page.Read(file, problems);
        page.CheckAgainst(cmdlet, problems);
        documented.Add((cmdlet, page));
    }
    else if (name != "CnnTools")
    {
        problems.Error(file, 1, $"The module exports no cmdlet {name}.");
    }
}

foreach (string name in exported.Except(documented.Select(d => d.Item1.Name)).Where(cmdlets.ContainsKey))
{
    problems.Missing(Path.Combine(source, name + ".md"), $"{name} has no help page.");
}

// A topic whose page is gone must not live on.
foreach (string stale in Directory.EnumerateFiles(output, "about_*.help.txt").Where(f => !topics.Contains(Path.GetFileName(f))))
{
    File.Delete(stale);
}

if (problems.Failed)
{
    return 1;
}

Maml.Write(Path.Combine(output, Path.GetFileName(assembly) + "-Help.xml"), documented);
return 0;

static string[] ExportedCmdlets(string manifest)
{
    Match list = Regex.Match(File.ReadAllText(manifest), @"^\s*CmdletsToExport\s*=\s*@\(([^)]*)\)", RegexOptions.Multiline);
    return [.. Regex.Matches(list.Groups[1].Value, "'([^']+)'").Select(m => m.Groups[1].Value)];
}
