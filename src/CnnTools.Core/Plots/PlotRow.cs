using System.Globalization;
using CnnTools.Training;

namespace CnnTools.Plots;

/// <summary>A row of a log, of epochs or of steps, as a plot sees it. Text is read as logs are written: invariantly.</summary>
public sealed class PlotRow
{
    private static readonly string[] Figures =
        [nameof(EpochRecord.Epoch), nameof(EpochRecord.Step), nameof(StepRecord.Batch), nameof(StepRecord.Loss), .. Enum.GetNames<PlotMeasure>()];

    private readonly Dictionary<string, object?> _cells;
    private readonly Dictionary<string, double> _figures = [];

    private PlotRow(IEnumerable<KeyValuePair<string, object?>> cells, string place, string? run = null)
    {
        _cells = new(cells, StringComparer.OrdinalIgnoreCase);
        if (!_cells.ContainsKey(nameof(EpochRecord.Epoch)) || !_cells.ContainsKey(nameof(EpochRecord.Step)))
        {
            throw Errors.NoLogRow(place, _cells.Keys);
        }

        foreach (string column in Figures)
        {
            if (_cells.GetValueOrDefault(column) is not (null or ""))
            {
                _figures[column] = Number(_cells[column]!) ?? throw Errors.CellNotANumber(place, column, $"{_cells[column]}");
            }
        }

        _cells.TryAdd(nameof(EpochRecord.Run), run);
        string[] required = [nameof(EpochRecord.Epoch), nameof(EpochRecord.Step), .. IsStep ? [nameof(StepRecord.Batch)] : Array.Empty<string>()];
        if (required.FirstOrDefault(column => !_figures.ContainsKey(column)) is { } missing)
        {
            throw Errors.CellNotANumber(place, missing, "");
        }
    }

    /// <summary>Whether it tells of steps within an epoch.</summary>
    public bool IsStep => _cells.ContainsKey(nameof(StepRecord.Batch));

    public string Run => $"{_cells[nameof(EpochRecord.Run)]}";

    public string Model => $"{_cells.GetValueOrDefault(nameof(EpochRecord.Model))}";

    public string Dataset => $"{_cells.GetValueOrDefault(nameof(EpochRecord.Dataset))}";

    public double Epoch => _figures[nameof(EpochRecord.Epoch)];

    public double Step => _figures[nameof(EpochRecord.Step)];

    /// <summary>The last batch of a row of steps, counted in the epoch from 1.</summary>
    public double Batch => _figures[nameof(StepRecord.Batch)];

    /// <summary>A row of steps' loss.</summary>
    public double? Loss => this[nameof(StepRecord.Loss)];

    public double? this[PlotMeasure measure] => this[measure.ToString()];

    private double? this[string column] => _figures.TryGetValue(column, out double figure) ? figure : null;

    public static PlotRow Of(ITrainingRecord record) =>
        new((record is StepRecord ? StepRecord.Columns : EpochRecord.Columns).Zip(record.GetValues(), KeyValuePair.Create), "A record");

    /// <param name="cells">By column. Numbers may be text; an empty cell is none.</param>
    /// <param name="place">What the row is, as an error begins.</param>
    /// <param name="run">The training that it is of, where it does not say.</param>
    /// <exception cref="CnnException">It is no row of a log.</exception>
    public static PlotRow Of(IReadOnlyCollection<KeyValuePair<string, object?>> cells, string place = "A row", string? run = null) =>
        new(cells.DistinctBy(cell => cell.Key, StringComparer.OrdinalIgnoreCase), place, run);

    private static double? Number(object cell) => cell switch
    {
        string text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null,
        IConvertible number when number.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal => number.ToDouble(CultureInfo.InvariantCulture),
        _ => null,
    };
}
