using System.Globalization;
using System.Text;
using CnnTools.Training;

namespace CnnTools.Runs;

/// <summary>
/// A training's CSV files: epochs in one, steps in another. What was not asked for is not written. The checkpoint's place
/// is kept from other trainings as long.
/// </summary>
public sealed class TrainingLog : IDisposable
{
    private readonly CsvLog? _epochs;
    private readonly CsvLog? _steps;
    private readonly FileLock? _checkpoint;

    private TrainingLog(CsvLog? epochs, CsvLog? steps, FileLock? checkpoint)
    {
        _epochs = epochs;
        _steps = steps;
        _checkpoint = checkpoint;
    }

    /// <summary>Opens the files before any work is done, so that one that cannot be written is told at once.</summary>
    /// <param name="resumeFrom">The checkpoint that the training goes on from: logs are then added to.</param>
    public static TrainingLog Open(TrainingFiles files, bool withSteps, TrainingCheckpoint? resumeFrom)
    {
        if (files.CheckpointPath is { } path && (path == files.CsvPath || path == files.StepCsvPath))
        {
            throw Errors.SamePath(path);
        }

        FileLock? checkpoint = files.CheckpointPath is null
            ? null
            : TakeCheckpoint(files.CheckpointPath, resumeFrom is not null || files.ReplaceCheckpoint);
        CsvLog? epochs = null;
        try
        {
            epochs = OpenLog(files.CsvPath, EpochRecord.Columns);
            return new(epochs, withSteps ? OpenLog(files.StepCsvPath, StepRecord.Columns) : null, checkpoint);
        }
        catch
        {
            epochs?.Dispose();
            checkpoint?.Dispose();
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
        _checkpoint?.Dispose();
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

        using FileLock fileLock = FileLock.Take(FilePlace.Resolve(path));
        CsvTable table = CsvTable.Read(path);
        long?[] steps = [.. table.Column(nameof(EpochRecord.Run)).Zip(table.Column(nameof(EpochRecord.Step)), (run, step) =>
            run == checkpoint.Options.Run && long.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                ? number
                : (long?)null)];

        // An earlier run of the same name may stand above; its rows stay.
        int known = Array.FindLastIndex(steps, step => step <= checkpoint.Step);
        if (Array.FindIndex(steps, known + 1, step => step > checkpoint.Step) >= 0)
        {
            IEnumerable<IReadOnlyList<string>> kept = table.Rows
                .Where((_, row) => row <= known || steps[row] is null).Prepend(table.Columns);
            AtomicFile.Write(path, stream =>
                stream.Write(Encoding.UTF8.GetBytes(string.Concat(kept.Select(CsvBridge.Codec.FormatRow)))));
        }
    }

    private static FileLock TakeCheckpoint(string checkpoint, bool replace)
    {
        if (File.Exists(checkpoint) && !replace)
        {
            throw Errors.FileExists(checkpoint, "Use -Force to replace it, or give another -CheckpointPath.");
        }

        AtomicFile.RequireWritable(checkpoint);
        return FileLock.Take(FilePlace.Resolve(checkpoint));
    }
}
