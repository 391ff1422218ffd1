namespace CnnTools.Runs;

/// <summary>The files that a training writes; null is none. Paths are full.</summary>
/// <param name="CsvPath">One row an epoch.</param>
/// <param name="StepCsvPath">One row every so many batches.</param>
/// <param name="CheckpointPath">The state after the last epoch, or at the step where the training was stopped.</param>
public sealed record TrainingFiles(string? CsvPath = null, string? StepCsvPath = null, string? CheckpointPath = null)
{
    private readonly string? _bestPath;

    public static TrainingFiles None { get; } = new();

    /// <summary>The state after the best epoch, where the best are kept: beside the last, if nothing else is said.</summary>
    public string? BestPath
    {
        get => _bestPath ?? (CheckpointPath is { } last ? $"{Path.ChangeExtension(last, null)}.best{Path.GetExtension(last)}" : null);
        init => _bestPath = value;
    }

    /// <summary>What to do with a log that is there already.</summary>
    public CsvLogMode LogMode { get; init; } = CsvLogMode.New;

    /// <summary>Whether a checkpoint that is there already may be replaced by the first one of this training.</summary>
    public bool ReplaceCheckpoint { get; init; }

    /// <summary>Whether a checkpoint is written before the first step too, so that a killed training can always go on.</summary>
    public bool SavesStart { get; init; }
}
