using System.Collections.Immutable;
using System.Globalization;
using CnnTools.Runs;

namespace CnnTools.Plots;

/// <summary>Curves of one training or several, gathered row by row from records or logs.</summary>
public sealed class TrainingPlot
{
    // More would be no picture any more.
    private const int MostRuns = 1000;

    private const string Accuracy = "Accuracy";

    private static readonly ImmutableArray<(string Title, ImmutableArray<PlotMeasure> Measures)> Panels =
    [
        ("Loss", [PlotMeasure.TrainLoss, PlotMeasure.ValidationLoss, PlotMeasure.TestLoss]),
        (Accuracy, [PlotMeasure.TrainAccuracy, PlotMeasure.ValidationAccuracy, PlotMeasure.TestAccuracy]),
        ("Learning rate", [PlotMeasure.LearningRate]),
        ("Seconds an epoch", [PlotMeasure.Seconds]),
        ("Images per second", [PlotMeasure.ImagesPerSecond]),
        ("Peak memory, bytes", [PlotMeasure.PeakMemoryBytes]),
    ];

    private readonly List<TrainingHistory> _runs = [];
    private readonly Dictionary<string, int> _timesSeen = [];
    private readonly Dictionary<(string Run, bool IsStep), TrainingHistory> _current = [];

    /// <summary>What stands above the curves where nothing was said.</summary>
    public string DefaultTitle => _runs.Select(run => run.Subject).Distinct().ToArray() is [{ Length: > 0 } subject] ? subject : "Training";

    /// <summary>What they are then drawn over.</summary>
    public PlotAxis DefaultAxis => _runs.Any(run => run.HasSteps) ? PlotAxis.Step : PlotAxis.Epoch;

    public bool IsEmpty => _runs.Count == 0;

    internal ImmutableArray<string> RunNames => [.. _runs.Select(run => run.Name)];

    /// <summary>Adds logs that belong together, all or nothing.</summary>
    /// <exception cref="CnnException">One cannot be read, or is no log.</exception>
    public void AddLogs(params IEnumerable<string> paths)
    {
        foreach (PlotRow row in paths.SelectMany(Read).ToArray())
        {
            Add(row);
        }
    }

    /// <summary>Adds a row to its training: a new one where the run is, or where its steps begin again.</summary>
    /// <exception cref="CnnException">It lacks a number, or there are too many trainings.</exception>
    public void Add(PlotRow row)
    {
        if (_current.TryGetValue((row.Run, row.IsStep), out TrainingHistory? run) && run.TryAdd(row))
        {
            return;
        }

        // Rows of steps and of epochs that belong together may come from two files: the n-th of one goes with the n-th of the other.
        int earlier = run is null ? -1 : _runs.IndexOf(run);
        TrainingHistory next = _runs.Skip(earlier + 1).FirstOrDefault(r => r.Run == row.Run && r.TryAdd(row)) ?? Begin(row);
        _current[(row.Run, row.IsStep)] = next;
    }

    /// <summary>The picture as SVG.</summary>
    /// <param name="measures">What to draw; null is all losses and accuracies that there are.</param>
    /// <exception cref="CnnException">There is nothing to draw.</exception>
    public string Draw(string? title, PlotAxis? axis, IReadOnlyCollection<PlotMeasure>? measures, bool logarithmic)
    {
        PlotAxis over = axis ?? DefaultAxis;
        IReadOnlyList<CurvePanel> panels = [.. Gather(over, measures, logarithmic).Where(panel => panel.Curves.Count > 0)];
        return panels.Count > 0
            ? new CurveChart(title ?? DefaultTitle, over, RunNames, panels, logarithmic).Draw()
            : throw Errors.NothingToPlot(logarithmic);
    }

    internal IEnumerable<CurvePanel> Gather(PlotAxis axis, IReadOnlyCollection<PlotMeasure>? measures, bool logarithmic)
    {
        foreach ((string title, ImmutableArray<PlotMeasure> known) in Panels)
        {
            PlotMeasure[] wanted = [.. known.Where(measure => measures?.Contains(measure) ?? measure <= PlotMeasure.TestAccuracy)];
            bool withSteps = known[0] == PlotMeasure.TrainLoss && (measures is null || wanted.Length > 0);
            IEnumerable<Curve> curves = _runs.SelectMany((run, index) => Enumerable.Concat(
                withSteps ? [new Curve(index, CurveKind.Steps, run.StepLosses(axis))] : [],
                wanted.Select(measure => new Curve(index, KindOf(measure), run.PointsOf(measure, axis)))));
            bool isShare = title == Accuracy;
            yield return new(title, isShare,
            [
                .. curves.Select(curve => logarithmic && !isShare ? curve with { Points = [.. curve.Points.Where(p => !(p.Y <= 1e-300))] } : curve)
                    .Where(curve => curve.Points.Count > 0),
            ]);
        }
    }

    /// <summary>A log's rows; its trainings go by the file's name where it has no column Run.</summary>
    private static IEnumerable<PlotRow> Read(string path)
    {
        CsvTable table = CsvTable.Read(path);
        return table.Rows.Count == 0
            ? throw Errors.EmptyLog(path)
            : table.Rows.Select((row, i) => PlotRow.Of(
                [.. table.Columns.Zip(row, (name, cell) => KeyValuePair.Create(name, (object?)cell))],
                string.Create(CultureInfo.InvariantCulture, $"Row {i + 1} of '{path}'"),
                Path.GetFileNameWithoutExtension(path)));
    }

    private static CurveKind KindOf(PlotMeasure measure) => measure switch
    {
        PlotMeasure.TrainLoss or PlotMeasure.TrainAccuracy => CurveKind.Train,
        PlotMeasure.ValidationLoss or PlotMeasure.ValidationAccuracy => CurveKind.Validation,
        PlotMeasure.TestLoss or PlotMeasure.TestAccuracy => CurveKind.Test,
        _ => CurveKind.Figure,
    };

    private TrainingHistory Begin(PlotRow row)
    {
        if (_runs.Count == MostRuns)
        {
            throw Errors.TooManyRuns(MostRuns);
        }

        int times = _timesSeen[row.Run] = _timesSeen.GetValueOrDefault(row.Run) + 1;
        TrainingHistory history = new(row.Run, times);
        history.TryAdd(row);
        _runs.Add(history);
        return history;
    }
}
