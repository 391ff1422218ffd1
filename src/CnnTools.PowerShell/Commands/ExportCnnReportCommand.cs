using System.Management.Automation;
using CnnTools.Data;
using CnnTools.PowerShell.Arguments;
using CnnTools.Reports;
using CnnTools.Runs;
using CnnTools.Training;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsData.Export, "CnnReport", SupportsShouldProcess = true, DefaultParameterSetName = "InputObject")]
[OutputType(typeof(FileInfo))]
public sealed class ExportCnnReportCommand : CnnCmdlet
{
    private const int DefaultSamples = 12;
    private const int MostSamples = 1000;

    private readonly RunReport _report;
    private bool _came;

    public ExportCnnReportCommand() => _report = new(WriteWarning);

    [Parameter(Mandatory = true, Position = 0)]
    public string Path { get; set; } = "";

    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    public PSObject InputObject { get; set; } = null!;

    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "RunPath")]
    [SupportsWildcards]
    public string[] RunPath { get; set; } = [];

    [Parameter]
    public string? Title { get; set; }

    [Parameter]
    [Number<int>]
    public int? Inspect { get; set; }

    [Parameter]
    [Number<int>]
    public int? Samples { get; set; }

    [Parameter]
    [SupportsWildcards]
    public string[]? Layer { get; set; }

    [Parameter]
    public string? DataPath { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string? Device { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void Process()
    {
        // The steps between the epochs' records tell nothing more.
        _came |= ParameterSetName == "RunPath" || InputObject.BaseObject is not StepRecord;
        Each(ParameterSetName == "RunPath" ? RunPath.SelectMany(ResolveFolder) : FoldersOf(InputObject), AddRuns);
    }

    protected override void Finish()
    {
        if (!_came)
        {
            throw Errors.NothingToReport();
        }

        if (_report.IsEmpty)
        {
            // What came was told as errors.
            return;
        }

        string path = ResolveOutput(Path);
        RequireValid(path);
        if (!ShouldProcess(path, "Report"))
        {
            return;
        }

        AtomicFile.RequireWritable(path);
        InspectBest();
        RunReport.Write(_report.Draw(Title, DateTimeOffset.Now), path);
        if (PassThru)
        {
            WriteItem(path);
        }
    }

    /// <summary>Adds the run in a folder, or the runs.</summary>
    private void AddRuns(string path)
    {
        RunFolder[] folders = [.. RunFolder.FindAll(path)];
        Each(folders.Length > 0 ? folders : throw Errors.NoRun(path), folder => _report.Add(CnnRun.Read(folder)));
    }

    private void RequireValid(string path)
    {
        if (System.IO.Path.GetExtension(path).ToLowerInvariant() is not (".html" or ".htm"))
        {
            throw Errors.NoReportFormat(path);
        }

        if (Inspect is < 0)
        {
            throw Errors.InvalidArgument(nameof(Inspect), Inspect, "at least 0");
        }

        if (Samples is < 0 or > MostSamples)
        {
            throw Errors.InvalidArgument(nameof(Samples), Samples, $"from 0 to {MostSamples}");
        }

        RequireNew(path, Force);
    }

    /// <summary>Looks into the models of the best runs; what one lacks is told as a warning.</summary>
    private void InspectBest()
    {
        IReadOnlyList<CnnRun> runs = _report.Best(Inspect ?? 1);
        ProgressRecord progress = new(1, "Looking into models", "starting");
        foreach ((int index, CnnRun run) in runs.Index())
        {
            progress.StatusDescription = run.Name;
            progress.PercentComplete = 100 * index / runs.Count;
            WriteProgress(progress);
            try
            {
                InspectRun(run);
            }
            catch (CnnException fault)
            {
                _report.Add(run, fault);
            }
        }

        progress.RecordType = ProgressRecordType.Completed;
        WriteProgress(progress);
    }

    private void InspectRun(CnnRun run)
    {
        WildcardPattern[]? layers = Layer is null ? null : Array.ConvertAll(Layer, name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase));
        RunInspector inspector = new(Backend.Current, Backend.Images, Backend.GetDevice(Device ?? "cpu"), LoadDataset)
        {
            Samples = Samples ?? DefaultSamples,
            Layers = layers is null ? null : name => layers.Any(pattern => pattern.IsMatch(name)),
        };
        RunInspection inspection = inspector.Inspect(run, StopToken);
        if (layers is not null && inspection is { Layers.Count: 0, Seen: not null })
        {
            WriteWarning($"{run.Name}: no layer of {run.Model} is called {string.Join(", ", Layer!)}. Get-CnnLayer lists its layers.");
        }

        _report.Add(inspection);
    }

    private Dataset LoadDataset(DatasetRequest request)
    {
        LoadProgressBar progress = new(this, $"Opening {request.Name}");
        try
        {
            return DatasetCatalog.Load(
                request with { DataPath = ResolveOptional(DataPath) ?? request.DataPath }, () => Backend.Images, progress.Show, StopToken);
        }
        finally
        {
            progress.Complete();
        }
    }

    /// <summary>The folders that an object of the pipeline stands for: a run, a record of one, a folder.</summary>
    private IEnumerable<string> FoldersOf(PSObject input) => RunInput.FoldersOf(input)?.Select(run => run.Path) ?? input.BaseObject switch
    {
        EpochRecord record => FolderOf(record.Checkpoint),
        StepRecord => [],
        string path => ResolveFolder(path),
        _ => FolderOf($"{input.Properties[nameof(EpochRecord.Checkpoint)]?.Value}"),
    };

    /// <summary>The folder that a checkpoint lies in.</summary>
    private IEnumerable<string> FolderOf(string? checkpoint) =>
        [string.IsNullOrEmpty(checkpoint) ? throw Errors.NothingToReport() : System.IO.Path.GetDirectoryName(ResolveOutput(checkpoint))!];
}
