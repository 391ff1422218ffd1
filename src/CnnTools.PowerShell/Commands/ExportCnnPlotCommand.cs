using System.Management.Automation;
using CnnTools.Plots;
using CnnTools.Training;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsData.Export, "CnnPlot", SupportsShouldProcess = true, DefaultParameterSetName = "InputObject")]
[OutputType(typeof(FileInfo))]
public sealed class ExportCnnPlotCommand : CnnCmdlet
{
    private readonly TrainingPlot _plot = new();
    private Evaluation? _evaluation;
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
    public PlotMeasure[]? Y { get; set; }

    [Parameter]
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
        else if (InputObject.BaseObject is Evaluation evaluation)
        {
            _evaluation = _evaluation is null ? evaluation : throw Errors.SeveralEvaluations();
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

        if (_evaluation is null && _plot.IsEmpty)
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

        string svg = _evaluation is null ? _plot.Draw(Title, X, Y, LogY)
            : _plot.IsEmpty ? Plot.Draw(_evaluation, Title)
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
