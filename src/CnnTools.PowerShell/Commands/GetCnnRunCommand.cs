using System.Management.Automation;
using CnnTools.PowerShell.Arguments;
using CnnTools.Runs;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "CnnRun", DefaultParameterSetName = "Path")]
[OutputType(typeof(CnnRun))]
public sealed class GetCnnRunCommand : RunCmdlet
{
    [Parameter]
    [SupportsWildcards]
    public string[]? Name { get; set; }

    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ArchitectureCompleter))]
    public string[]? Model { get; set; }

    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DatasetCompleter))]
    public string[]? Dataset { get; set; }

    [Parameter]
    [Choices<RunState>]
    public RunState[]? State { get; set; }

    [Parameter]
    public DateTime? After { get; set; }

    [Parameter]
    public DateTime? Before { get; set; }

    [Parameter]
    [Number<double>]
    public double? MinAccuracy { get; set; }

    protected override void Process()
    {
        foreach (CnnRun run in ReadRuns().Where(IsWanted))
        {
            WriteObject(run);
        }
    }

    private bool IsWanted(CnnRun run) =>
        Matches(Name, run.Name)
            && Matches(Model, run.Model)
            && (Matches(Dataset, run.Dataset) || Matches(Dataset, System.IO.Path.GetFileName(run.Dataset)))
            && (State is null || State.Contains(run.State))
            && !(run.Started <= After) && !(run.Started >= Before)
            && (MinAccuracy is null || (run.ValidationAccuracy ?? run.TestAccuracy) >= MinAccuracy);

    private static bool Matches(string[]? patterns, string text) =>
        patterns is null || patterns.Any(pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(text));
}
