using System.Globalization;
using System.Text;
using CnnTools.Training;

namespace CnnTools.Runs;

/// <summary>A training's CSV files: epochs in one, steps in another. What was not asked for is not written.</summary>
public sealed class TrainingLog : IDisposable
{
    private readonly CsvLog? _epochs;
    private readonly CsvLog? _steps;

    private TrainingLog(CsvLog? epochs, CsvLog? steps)
    {
        _epochs = epochs;
        _steps = steps;
    }

    /// <summary>Opens the files before any work is done, so that one that cannot be written is told at once.</summary>
    /// <param name="resumeFrom">The checkpoint that the training goes on from: logs are then added to.</param>
    public static TrainingLog Open(TrainingFiles files, bool withSteps, TrainingCheckpoint? resumeFrom)
    {
        if (files.CheckpointPath is { } checkpoint)
        {
            RequireWritable(checkpoint, resumeFrom is not null || files.ReplaceCheckpoint);
        }

        CsvLog? epochs = OpenLog(files.CsvPath, EpochRecord.Columns);
        try
        {
            return new(epochs, withSteps ? OpenLog(files.StepCsvPath, StepRecord.Columns) : null);
        }
        catch
        {
            epochs?.Dispose();
            throw;
        }

        CsvLog? OpenLog(string? path, IReadOnlyList<string> columns)
        {
            if (path is null || resumeFrom is null)
            {
                return path is null ? null : CsvLog.Open(path, columns, files.LogMode);
            }

            DropRowsBeyond(path, resumeFrom);
            return CsvLog.Open(path, columns, CsvLogMode.Append);
        }
    }

    /// <summary>Writes a record as one row; a process that is killed leaves whole rows.</summary>
    public void Write(ITrainingRecord record) => (record is EpochRecord ? _epochs : _steps)?.Write(record.GetValues());

    /// <summary>Has the disk itself take what was written.</summary>
    public void Flush()
    {
        _epochs?.Flush();
        _steps?.Flush();
    }

    public void Dispose()
    {
        _epochs?.Dispose();
        _steps?.Dispose();
    }

    /// <summary>
    /// A row is written before its checkpoint, so that a process killed between the two loses no row: those beyond the
    /// checkpoint will come again and go here.
    /// </summary>
    private static void DropRowsBeyond(string path, TrainingCheckpoint checkpoint)
    {
        if (!File.Exists(path))
        {
            return;
        }

        CsvTable table = CsvTable.Read(path);
        IReadOnlyList<string> runs = table.Column(nameof(EpochRecord.Run));
        IReadOnlyList<string> steps = table.Column(nameof(EpochRecord.Step));
        bool[] beyond = [.. runs.Zip(steps, (run, step) => run == checkpoint.Options.Run
            && long.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && number > checkpoint.Step)];
        if (beyond.Contains(true))
        {
            IEnumerable<IReadOnlyList<string>> kept = table.Rows.Where((_, row) => !beyond[row]).Prepend(table.Columns);
            AtomicFile.Write(path, stream =>
                stream.Write(Encoding.UTF8.GetBytes(string.Concat(kept.Select(CsvBridge.Codec.FormatRow)))));
        }
    }

    private static void RequireWritable(string checkpoint, bool replace)
    {
        if (File.Exists(checkpoint) && !replace)
        {
            throw Errors.FileExists(checkpoint, "Use -Force to replace it, or give another -CheckpointPath.");
        }

        AtomicFile.RequireWritable(checkpoint);
    }
}
