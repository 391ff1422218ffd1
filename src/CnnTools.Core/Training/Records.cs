using System.Collections.Immutable;
using CnnTools.Plots;

namespace CnnTools.Training;

/// <summary>What a training tells while it runs: an epoch's figures, or some steps'.</summary>
public interface ITrainingRecord
{
    /// <summary>The values in the order of the columns, as they stand in a CSV log.</summary>
    IReadOnlyList<object?> GetValues();
}

/// <summary>
/// One epoch. All columns are there from the first day and empty where unused, so that logs of different runs and
/// versions append to one another. Accuracies are shares of 1; train figures are the running ones of the epoch.
/// </summary>
public sealed record EpochRecord : ITrainingRecord
{
    public static IReadOnlyList<string> Columns { get; } =
    [
        nameof(Run), nameof(Model), nameof(Dataset), nameof(Device), nameof(Seed), nameof(Epoch), nameof(Step),
        nameof(LearningRate), nameof(TrainLoss), nameof(TrainAccuracy), nameof(ValidationLoss),
        nameof(ValidationAccuracy), nameof(TestLoss), nameof(TestAccuracy), nameof(Seconds), nameof(ImagesPerSecond),
        nameof(PeakMemoryBytes), nameof(Threads), nameof(Precision), nameof(SelectedOn), nameof(Checkpoint),
    ];

    public required string Run { get; init; }

    public required string Model { get; init; }

    public required string Dataset { get; init; }

    public required string Device { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Epochs completed, this one included.</summary>
    public required int Epoch { get; init; }

    /// <summary>Optimizer steps taken since the training began.</summary>
    public required long Step { get; init; }

    /// <summary>That of the epoch's last step.</summary>
    public required double LearningRate { get; init; }

    public required double TrainLoss { get; init; }

    public required double TrainAccuracy { get; init; }

    public double? ValidationLoss { get; init; }

    public double? ValidationAccuracy { get; init; }

    public double? TestLoss { get; init; }

    public double? TestAccuracy { get; init; }

    /// <summary>Wall time of the epoch, evaluation included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Training images a second, evaluation not counted.</summary>
    public required double ImagesPerSecond { get; init; }

    public required long PeakMemoryBytes { get; init; }

    public required int Threads { get; init; }

    public required string Precision { get; init; }

    /// <summary>The split that something was chosen on (early stopping, best checkpoint); empty where nothing was.</summary>
    public string? SelectedOn { get; init; }

    /// <summary>The file that held this epoch's weights when the record was made.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>The training losses of the epochs up to this one, for the table: no column, so that logs hold numbers only.</summary>
    internal ImmutableList<double> Losses { get; init; } = [];

    /// <summary>How many images the test figures are of; no column, as above.</summary>
    internal int? TestImages { get; init; }

    /// <summary>The training loss of the epochs up to this one, as a <see cref="Sparkline"/>.</summary>
    /// <param name="unicode">Whether block characters can be shown.</param>
    public string GetLossTrend(bool unicode) => Sparkline.Draw(Losses, unicode);

    public IReadOnlyList<object?> GetValues() =>
    [
        Run, Model, Dataset, Device, Seed, Epoch, Step, LearningRate, TrainLoss, TrainAccuracy, ValidationLoss,
        ValidationAccuracy, TestLoss, TestAccuracy, Seconds, ImagesPerSecond, PeakMemoryBytes, Threads, Precision,
        SelectedOn, Checkpoint,
    ];
}

/// <summary>Some batches within an epoch, as the tutorials print them.</summary>
public sealed record StepRecord : ITrainingRecord
{
    public static IReadOnlyList<string> Columns { get; } =
    [
        nameof(Run), nameof(Model), nameof(Dataset), nameof(Epoch), nameof(Batch), nameof(Step), nameof(LearningRate),
        nameof(Loss),
    ];

    public required string Run { get; init; }

    public required string Model { get; init; }

    public required string Dataset { get; init; }

    /// <summary>The running epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The last batch of those, counted in the epoch from 1.</summary>
    public required int Batch { get; init; }

    public required long Step { get; init; }

    /// <summary>That of the last batch.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Mean of the batches' losses since the record before.</summary>
    public required double Loss { get; init; }

    public IReadOnlyList<object?> GetValues() => [Run, Model, Dataset, Epoch, Batch, Step, LearningRate, Loss];
}

/// <summary>Where a training stands, for a progress bar; told after every step.</summary>
public readonly record struct TrainingProgress(
    int Epoch, int Epochs, int Batch, int Batches, double Loss, double ImagesPerSecond, TimeSpan? Left)
{
    /// <summary>How the decode of a streamed split keeps up; null where nothing is decoded.</summary>
    public DecodeRate? Decoding { get; init; }
}
