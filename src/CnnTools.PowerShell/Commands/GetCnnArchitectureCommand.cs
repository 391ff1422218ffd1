using System.Management.Automation;
using CnnTools.PowerShell.Arguments;
using CnnTools.Zoo;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "CnnArchitecture")]
[OutputType(typeof(Architecture))]
public sealed class GetCnnArchitectureCommand : CnnCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ArchitectureCompleter))]
    public string[] Name { get; set; } = ["*"];

    protected override void Process()
    {
        foreach (string name in Name)
        {
            WildcardPattern pattern = new(name, WildcardOptions.IgnoreCase);
            Architecture[] found = [.. Catalog.All.Where(a => pattern.IsMatch(a.Name) || a.Aliases.Any(pattern.IsMatch))];
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                found = [Catalog.Get(name)];
            }

            WriteObject(found, enumerateCollection: true);
        }
    }
}
