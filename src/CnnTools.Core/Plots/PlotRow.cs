using System.Globalization;
using CnnTools.Training;

namespace CnnTools.Plots;

/// <summary>A row of a log, of epochs or of steps, as a plot sees it. Text is read as logs are written: invariantly.</summary>
public sealed class PlotRow
{
    private readonly Dictionary<string, object?> _cells;

    private PlotRow(IEnumerable<KeyValuePair<string, object?>> cells) => _cells = new(cells, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it tells of steps within an epoch.</summary>
    public bool IsStep => _cells.ContainsKey(nameof(StepRecord.Batch));

    public string Run => Text(nameof(EpochRecord.Run));

    public string Model => Text(nameof(EpochRecord.Model));

    public string Dataset => Text(nameof(EpochRecord.Dataset));

    public double Epoch => Required(nameof(EpochRecord.Epoch));

    public double Step => Required(nameof(EpochRecord.Step));

    /// <summary>The last batch of a row of steps, counted in the epoch from 1.</summary>
    public double Batch => Required(nameof(StepRecord.Batch));

    /// <summary>A row of steps' loss.</summary>
    public double? Loss => this[nameof(StepRecord.Loss)];

    public double? this[PlotMeasure measure] => this[measure.ToString()];

    private double? this[string column] => _cells.GetValueOrDefault(column) switch
    {
        null or "" => null,
        string text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw Errors.CellNotANumber(column, text),
        IConvertible number => number.ToDouble(CultureInfo.InvariantCulture),
        var other => throw Errors.CellNotANumber(column, $"{other}"),
    };

    public static PlotRow Of(ITrainingRecord record) =>
        new((record is StepRecord ? StepRecord.Columns : EpochRecord.Columns).Zip(record.GetValues(), KeyValuePair.Create));

    /// <param name="cells">By column. Numbers may be text; an empty cell is none.</param>
    /// <exception cref="CnnException">It is no row of a log.</exception>
    public static PlotRow Of(IReadOnlyCollection<KeyValuePair<string, object?>> cells)
    {
        PlotRow row = new(cells.DistinctBy(cell => cell.Key, StringComparer.OrdinalIgnoreCase));
        return row._cells.ContainsKey(nameof(EpochRecord.Epoch)) && row._cells.ContainsKey(nameof(EpochRecord.Step))
            ? row
            : throw Errors.NoLogRow(cells.Select(cell => cell.Key));
    }

    private string Text(string column) => $"{_cells.GetValueOrDefault(column)}";

    private double Required(string column) => this[column] ?? throw Errors.CellNotANumber(column, "");
}
