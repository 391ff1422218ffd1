using System.Management.Automation;
using CnnTools.Plots;
using CnnTools.PowerShell.Arguments;
using CnnTools.Runs;
using CnnTools.Training;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsData.Export, "CnnPlot", SupportsShouldProcess = true, DefaultParameterSetName = "InputObject")]
[OutputType(typeof(FileInfo))]
public sealed class ExportCnnPlotCommand : CnnCmdlet
{
    private readonly TrainingPlot _plot = new();
    private Func<string>? _single;
    private bool _came;

    [Parameter(Mandatory = true, Position = 0)]
    public string Path { get; set; } = "";

    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    public PSObject InputObject { get; set; } = null!;

    [Parameter(Mandatory = true, ParameterSetName = "CsvPath")]
    [SupportsWildcards]
    public string[] CsvPath { get; set; } = [];

    [Parameter(ParameterSetName = "CsvPath")]
    public SwitchParameter IncludeSteps { get; set; }

    [Parameter]
    [Choices<PlotMeasure>]
    public PlotMeasure[]? Y { get; set; }

    [Parameter]
    [Choice<PlotAxis>]
    public PlotAxis? X { get; set; }

    [Parameter]
    public SwitchParameter LogY { get; set; }

    [Parameter]
    public string? Title { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void Process()
    {
        _came = true;
        if (ParameterSetName == "CsvPath")
        {
            foreach (string log in CsvPath.SelectMany(ResolveInput))
            {
                AddLog(log);
            }
        }
        else if (DrawingOf(InputObject.BaseObject) is { } single)
        {
            _single = _single is null ? single : throw Errors.SeveralEvaluations();
        }
        else if (RunInput.FoldersOf(InputObject) is { } runs)
        {
            foreach (RunFolder run in runs)
            {
                AddLog(run.LogPath);
            }
        }
        else
        {
            _plot.Add(InputObject.BaseObject is ITrainingRecord record
                ? PlotRow.Of(record)
                : PlotRow.Of([.. InputObject.Properties.Select(cell => KeyValuePair.Create(cell.Name, Value(cell)))], Place(InputObject)));
        }
    }

    protected override void Finish()
    {
        if (!_came)
        {
            throw Errors.NothingToPlot(logarithmic: false);
        }

        if (_single is null && _plot.IsEmpty)
        {
            // What came was told as errors.
            return;
        }

        string path = ResolveOutput(Path);
        if (!System.IO.Path.GetExtension(path).Equals(".svg", StringComparison.OrdinalIgnoreCase))
        {
            throw Errors.NoPlotFormat(path);
        }

        RequireNew(path, Force);

        string svg = _single is null ? _plot.Draw(Title, X, Y, LogY)
            : _plot.IsEmpty ? _single()
            : throw Errors.SeveralEvaluations();
        if (!ShouldProcess(path, "Draw"))
        {
            return;
        }

        Plot.Write(svg, path);
        if (PassThru)
        {
            WriteItem(path);
        }
    }

    /// <summary>How to draw what has a picture of its own; null of what belongs to a training's curves.</summary>
    private Func<string>? DrawingOf(object item) => item switch
    {
        Evaluation evaluation => () => Plot.Draw(evaluation, Title),
        LearningRateRange range => () => Plot.Draw(range, Title, LogY),
        _ => null,
    };

    private void AddLog(string log)
    {
        try
        {
            _plot.AddLogs([log, .. IncludeSteps ? [TrainingCmdlet.StepLog(log)!] : Array.Empty<string>()]);
        }
        catch (CnnException exception)
        {
            // One bad log does not keep the others from being drawn.
            WriteError(exception.ToErrorRecord());
        }
    }

    private static string Place(PSObject row) =>
        row.BaseObject is PSCustomObject ? "A row" : $"'{row}' ({row.BaseObject.GetType().Name})";

    private static object? Value(PSPropertyInfo cell) => cell.Value.Unwrap();
}
