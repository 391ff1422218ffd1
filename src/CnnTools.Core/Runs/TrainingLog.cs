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
    /// <param name="resumed">Whether the training goes on from a checkpoint: logs are then added to.</param>
    public static TrainingLog Open(TrainingFiles files, bool withSteps, bool resumed)
    {
        CsvLogMode mode = resumed ? CsvLogMode.Append : files.LogMode;
        if (files.CheckpointPath is { } checkpoint)
        {
            RequireWritable(checkpoint, resumed || files.ReplaceCheckpoint);
        }

        CsvLog? epochs = files.CsvPath is null ? null : CsvLog.Open(files.CsvPath, EpochRecord.Columns, mode);
        try
        {
            return new(epochs, withSteps && files.StepCsvPath is { } path ? CsvLog.Open(path, StepRecord.Columns, mode) : null);
        }
        catch
        {
            epochs?.Dispose();
            throw;
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

    private static void RequireWritable(string checkpoint, bool replace)
    {
        if (File.Exists(checkpoint) && !replace)
        {
            throw Errors.FileExists(checkpoint, "Use -Force to replace it, or give another -CheckpointPath.");
        }

        // A file beside it, as the checkpoint itself will be written, tells whether the folder can be written to.
        try
        {
            string probe = FilePlace.Resolve(checkpoint) + ".probe";
            File.Create(probe).Dispose();
            File.Delete(probe);
        }
        catch (Exception exception) when (FilePlace.IsFileError(exception))
        {
            throw Errors.CannotWrite(checkpoint, exception);
        }
    }
}
