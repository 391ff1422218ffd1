using System.Globalization;
using CnnTools.Training;

namespace CnnTools.Runs;

/// <summary>
/// Reads the records of epochs back: from a log, or from rows that Import-Csv or a job's deserialisation made of them.
/// Text is read as logs are written: invariantly.
/// </summary>
public static class EpochLog
{
    /// <summary>The epochs of a log, whose trainings go by the file's name where it has no column Run.</summary>
    /// <exception cref="CnnException">It cannot be read, or is no log.</exception>
    public static IReadOnlyList<EpochRecord> Read(string path)
    {
        CsvTable table = CsvTable.Read(path);
        return
        [
            .. table.Rows.Select((row, index) =>
            {
                EpochRecord epoch = ReadRow([.. table.Columns.Zip(row, (name, cell) => KeyValuePair.Create(name, (object?)cell))], $"Row {index + 1} of '{path}'");
                return epoch.Run.Length > 0 ? epoch : epoch with { Run = Path.GetFileNameWithoutExtension(path) };
            }),
        ];
    }

    /// <summary>One epoch. What a row does not tell is empty or zero, except that it must be of an epoch.</summary>
    /// <param name="cells">By column, case does not matter. Numbers may be text; an empty cell is none.</param>
    /// <param name="place">What the row is called in an error.</param>
    /// <exception cref="CnnException">It is no row of a log, or a cell is no number.</exception>
    public static EpochRecord ReadRow(IReadOnlyCollection<KeyValuePair<string, object?>> cells, string place = "A row")
    {
        Dictionary<string, object?> row = new(
            cells.DistinctBy(cell => cell.Key, StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase);
        if (!row.ContainsKey(nameof(EpochRecord.Epoch)) || !row.ContainsKey(nameof(EpochRecord.Step)))
        {
            throw Errors.NoLogRow(place, row.Keys);
        }

        return new EpochRecord
        {
            Run = Text(nameof(EpochRecord.Run)),
            Model = Text(nameof(EpochRecord.Model)),
            Dataset = Text(nameof(EpochRecord.Dataset)),
            Device = Text(nameof(EpochRecord.Device)),
            Seed = Number<ulong>(nameof(EpochRecord.Seed)) ?? 0,
            Epoch = Number<int>(nameof(EpochRecord.Epoch)) ?? throw Errors.CellNotANumber(place, nameof(EpochRecord.Epoch), ""),
            Step = Number<long>(nameof(EpochRecord.Step)) ?? throw Errors.CellNotANumber(place, nameof(EpochRecord.Step), ""),
            LearningRate = Number<double>(nameof(EpochRecord.LearningRate)) ?? 0,
            TrainLoss = Number<double>(nameof(EpochRecord.TrainLoss)) ?? double.NaN,
            TrainAccuracy = Number<double>(nameof(EpochRecord.TrainAccuracy)) ?? double.NaN,
            ValidationLoss = Number<double>(nameof(EpochRecord.ValidationLoss)),
            ValidationAccuracy = Number<double>(nameof(EpochRecord.ValidationAccuracy)),
            TestLoss = Number<double>(nameof(EpochRecord.TestLoss)),
            TestAccuracy = Number<double>(nameof(EpochRecord.TestAccuracy)),
            Seconds = Number<double>(nameof(EpochRecord.Seconds)) ?? 0,
            ImagesPerSecond = Number<double>(nameof(EpochRecord.ImagesPerSecond)) ?? 0,
            PeakMemoryBytes = Number<long>(nameof(EpochRecord.PeakMemoryBytes)) ?? 0,
            Threads = Number<int>(nameof(EpochRecord.Threads)) ?? 0,
            Precision = Text(nameof(EpochRecord.Precision)),
            SelectedOn = Text(nameof(EpochRecord.SelectedOn)) is { Length: > 0 } split ? split : null,
            Checkpoint = Text(nameof(EpochRecord.Checkpoint)) is { Length: > 0 } path ? path : null,
        };

        string Text(string column) => CsvCell.Format(row.GetValueOrDefault(column));

        T? Number<T>(string column)
            where T : struct, IParsable<T>
        {
            string text = Text(column);
            return text.Length == 0 ? null
                : T.TryParse(text, CultureInfo.InvariantCulture, out T number) ? number
                : throw Errors.CellNotANumber(place, column, text);
        }
    }
}
