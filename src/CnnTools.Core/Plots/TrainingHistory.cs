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

    public IReadOnlyList<CurvePoint> PointsOf(PlotMeasure measure, PlotAxis axis)
    {
        double[] places = PlacesOf(axis);
        return Finite(_epochs.Select((row, i) => (places[i], row[measure])));
    }

    public IReadOnlyList<CurvePoint> StepLosses(PlotAxis axis)
    {
        Func<double, double> place = axis switch
        {
            PlotAxis.Epoch => step => step / StepsPerEpoch,
            PlotAxis.Seconds => SecondsAt,
            _ => step => step,
        };
        return Finite(_steps.Select(row => (place(row.Step), row.Loss)));
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
    private double SecondsAt(double step)
    {
        if (_epochs.Count == 0)
        {
            throw Errors.IncompatibleArguments("Rows of steps tell no time.", "Give the epochs' rows too, or use -X Step.");
        }

        double[] seconds = PlacesOf(PlotAxis.Seconds);
        int next = _epochs.FindIndex(row => row.Step >= step);
        int end = next < 0 ? _epochs.Count - 1 : next;
        (double fromStep, double fromSeconds) = end == 0
            ? (_epochs[0].Step - StepsPerEpoch, 0)
            : (_epochs[end - 1].Step, seconds[end - 1]);
        return fromSeconds + ((step - fromStep) / (_epochs[end].Step - fromStep) * (seconds[end] - fromSeconds));
    }

    /// <summary>Those that a scale can hold.</summary>
    private static List<CurvePoint> Finite(IEnumerable<(double X, double? Y)> points) =>
    [
        .. from point in points
           where Math.Abs(point.X) < Beyond && Math.Abs(point.Y ?? double.NaN) < Beyond
           select new CurvePoint(point.X, point.Y!.Value),
    ];
}
