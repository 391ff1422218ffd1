using System.Management.Automation;
using CnnTools.PowerShell.Arguments;
using CnnTools.Runs;
using CnnTools.Training;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsDiagnostic.Measure, "CnnRun", DefaultParameterSetName = "InputObject")]
[OutputType(typeof(RunMeasure), typeof(RunGroupMeasure))]
public sealed class MeasureCnnRunCommand : CnnCmdlet
{
    private readonly List<RunMeasure> _runs = [];
    private RunMeasurer _measurer = new();

    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    public PSObject InputObject { get; set; } = null!;

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path")]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "CsvPath")]
    [SupportsWildcards]
    public string[] CsvPath { get; set; } = [];

    [Parameter]
    public string[]? GroupBy { get; set; }

    [Parameter]
    public string? Baseline { get; set; }

    [Parameter]
    [Number<int>]
    public int? TestImages { get; set; }

    protected override void BeginProcessing() => _measurer = new RunMeasurer(TestImages);

    protected override void Process()
    {
        if (TestImages is < 1)
        {
            throw Errors.InvalidArgument(nameof(TestImages), TestImages, "at least 1");
        }

        switch (ParameterSetName)
        {
            case "Path":
                AddEach(Path.SelectMany(ResolveFolder).SelectMany(RunFolder.FindAll), folder => Add(CnnRun.Read(folder)));
                break;
            case "CsvPath":
                AddEach(CsvPath.SelectMany(ResolveInput), AddLog);
                break;
            default:
                Add(InputObject);
                break;
        }
    }

    protected override void Finish()
    {
        RunMeasure[] all = [.. _runs, .. _measurer.Trainings];
        if (GroupBy is { Length: > 0 })
        {
            WriteObject(RunGroupMeasure.Of(all, GroupBy, Baseline), enumerateCollection: true);
            return;
        }

        if (all.Any(run => run.TestAccuracy is not null && run.TestImages is null))
        {
            WriteWarning("A log does not tell how many test images there were, so there are no intervals. Give -TestImages.");
        }

        WriteObject(all, enumerateCollection: true);
    }

    private void AddEach<T>(IEnumerable<T> items, Action<T> add)
    {
        foreach (T item in items)
        {
            StopToken.ThrowIfCancellationRequested();
            try
            {
                add(item);
            }
            catch (CnnException exception)
            {
                // One that is broken does not keep the others.
                WriteError(exception.ToErrorRecord());
            }
        }
    }

    private void Add(PSObject input)
    {
        switch (input.BaseObject)
        {
            case CnnRun run:
                Add(run);
                break;
            case EpochRecord epoch:
                _measurer.Add(epoch);
                break;
            case StepRecord:
                break;
            default:
                if (RunInput.FoldersOf(input) is { } runs)
                {
                    AddEach(runs, folder => Add(CnnRun.Read(folder)));
                }
                else
                {
                    _measurer.Add(EpochLog.ReadRow([.. input.Properties.Select(cell => KeyValuePair.Create(cell.Name, Value(cell)))]));
                }

                break;
        }
    }

    private void Add(CnnRun run)
    {
        if (RunMeasurer.Measure(run) is { } measure)
        {
            _runs.Add(measure);
        }
        else
        {
            WriteVerbose($"{run.Name} has completed no epoch.");
        }
    }

    private void AddLog(string path)
    {
        foreach (EpochRecord epoch in EpochLog.Read(path))
        {
            _measurer.Add(epoch);
        }
    }

    private static object? Value(PSPropertyInfo cell) => cell.Value is PSObject wrapped ? wrapped.BaseObject : cell.Value;
}
