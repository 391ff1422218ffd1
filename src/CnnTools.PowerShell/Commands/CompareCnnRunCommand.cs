using System.Management.Automation;
using CnnTools.Runs;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsData.Compare, "CnnRun", DefaultParameterSetName = "Path")]
[OutputType(typeof(PSObject))]
public sealed class CompareCnnRunCommand : RunCmdlet
{
    // Which columns there are hangs on the runs, so that no type could have them.
    private const string TypeName = "CnnTools.RunComparison";

    private readonly List<CnnRun> _runs = [];

    protected override void Process() => _runs.AddRange(ReadRuns());

    protected override void Finish()
    {
        foreach (IReadOnlyList<KeyValuePair<string, object?>> row in RunComparison.Compare(_runs))
        {
            PSObject run = new();
            run.TypeNames.Insert(0, TypeName);
            foreach ((string name, object? value) in row)
            {
                run.Properties.Add(new PSNoteProperty(name, value));
            }

            WriteObject(run);
        }
    }
}
