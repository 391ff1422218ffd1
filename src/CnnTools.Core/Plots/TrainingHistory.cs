using System.Globalization;

namespace CnnTools.Plots;

/// <summary>The rows of one training.</summary>
/// <param name="run">Its label.</param>
/// <param name="number">Which of the trainings of that label it is, from 1.</param>
internal sealed class TrainingHistory(string run, int number)
{
    private const double Beyond = 1e300;

    private readonly List<PlotRow> _epochs = [];
    private readonly List<PlotRow> _steps = [];

    public string Run { get; } = run;

    /// <summary>Its label, told apart from others.</summary>
    public string Name => number == 1 ? Run : string.Create(CultureInfo.InvariantCulture, $"{Run} ({number})");

    public bool HasSteps => _steps.Count > 0;

    /// <summary>What was trained on what.</summary>
    public string Subject => _epochs.Concat(_steps).First() is { Model.Length: > 0, Dataset.Length: > 0 } row
        ? $"{row.Model} on {row.Dataset}"
        : "";

    /// <summary>False where the row is another training's: one that begins again.</summary>
    public bool TryAdd(PlotRow row)
    {
        List<PlotRow> rows = row.IsStep ? _steps : _epochs;
        if (rows.Count > 0 && row.Step <= rows[^1].Step)
        {
            return false;
        }

        rows.Add(row);
        return true;
    }

    public IReadOnlyList<CurvePoint> PointsOf(PlotMeasure measure, PlotAxis axis) =>
        PointsOf(PlacesOf(axis).Zip(_epochs, (place, row) => (place, row[measure])));

    public IReadOnlyList<CurvePoint> StepLosses(PlotAxis axis)
    {
        if (!HasSteps)
        {
            return [];
        }

        double perEpoch = StepsPerEpoch;
        IEnumerable<double> places = axis switch
        {
            PlotAxis.Epoch => _steps.Select(row => row.Step / perEpoch),
            PlotAxis.Seconds => SecondsOfSteps(perEpoch),
            _ => _steps.Select(row => row.Step),
        };
        return PointsOf(places.Zip(_steps, (place, row) => (place, row.Loss)));
    }

    private double[] PlacesOf(PlotAxis axis)
    {
        double seconds = 0;
        return axis switch
        {
            PlotAxis.Epoch => [.. _epochs.Select(row => row.Epoch)],
            PlotAxis.Step => [.. _epochs.Select(row => row.Step)],
            _ => [.. _epochs.Select(row => seconds += row[PlotMeasure.Seconds] ?? 0)],
        };
    }

    /// <summary>An epoch that began is known by its first step; the first one by its end, or by its last row.</summary>
    private double StepsPerEpoch =>
        _epochs.FirstOrDefault() is { } epoch ? epoch.Step / epoch.Epoch
        : _steps.FirstOrDefault(row => row.Epoch > 1) is { } later ? (later.Step - later.Batch) / (later.Epoch - 1)
        : _steps.Max(row => row.Batch);

    /// <summary>Between the ends of epochs time runs evenly.</summary>
    private IEnumerable<double> SecondsOfSteps(double perEpoch)
    {
        if (_epochs.Count == 0)
        {
            throw Errors.IncompatibleArguments("Rows of steps tell no time.", "Give the epochs' rows too, or use -X Step.");
        }

        double[] seconds = PlacesOf(PlotAxis.Seconds);
        int end = 0;
        foreach (PlotRow row in _steps)
        {
            while (end < _epochs.Count - 1 && _epochs[end].Step < row.Step)
            {
                end++;
            }

            (double fromStep, double fromSeconds) = end == 0
                ? (_epochs[0].Step - perEpoch, 0)
                : (_epochs[end - 1].Step, seconds[end - 1]);
            yield return fromSeconds + ((row.Step - fromStep) / (_epochs[end].Step - fromStep) * (seconds[end] - fromSeconds));
        }
    }

    /// <summary>Those that have a figure; NaN where it is one that no scale can hold.</summary>
    private static List<CurvePoint> PointsOf(IEnumerable<(double X, double? Y)> points) =>
    [
        .. from point in points
           where Math.Abs(point.X) < Beyond && point.Y is not null
           let figure = point.Y!.Value
           select new CurvePoint(point.X, Math.Abs(figure) < Beyond ? figure : double.NaN),
    ];
}
