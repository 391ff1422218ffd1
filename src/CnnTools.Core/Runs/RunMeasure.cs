namespace CnnTools.Runs;

/// <summary>One run's outcome. The test figure is of an epoch that it had no part in choosing.</summary>
public sealed record RunMeasure
{
    public required string Run { get; init; }

    public required string Model { get; init; }

    public required string Dataset { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Epochs completed.</summary>
    public required int LastEpoch { get; init; }

    /// <summary>Null where the last epoch was not tested.</summary>
    public double? LastTestAccuracy { get; init; }

    /// <summary>The split that something was chosen on; empty where nothing was.</summary>
    public string? SelectedOn { get; init; }

    /// <summary>
    /// The epoch of the highest validation accuracy, or of the lowest validation loss where the run decided by it; the first of
    /// several; null without a validation split.
    /// </summary>
    public int? SelectedEpoch { get; init; }

    /// <summary>Of the selected epoch.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>Of the selected epoch, else of the last.</summary>
    public double? TestAccuracy { get; init; }

    /// <summary>Wilson's 95 % interval of <see cref="TestAccuracy"/>, as the next; null where the number of test images is not known.</summary>
    public double? Lower { get; init; }

    public double? Upper { get; init; }

    public int? TestImages { get; init; }

    /// <summary>What runs can be grouped by.</summary>
    internal IReadOnlyList<KeyValuePair<string, object?>> Settings { get; init; } = [];
}
