using System.Collections.Immutable;

namespace CnnTools.Training;

/// <summary>What a range test found.</summary>
public sealed record LearningRateRange
{
    public required string Model { get; init; }

    public required string Dataset { get; init; }

    /// <summary>The suggestion: the rate at which the smoothed loss fell fastest.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Whether the suggestion is the least or the greatest rate that it could have been: the loss did not turn within the range.</summary>
    public bool IsAtEnd => LearningRate <= Steps[Math.Min(1, Steps.Length - 1)].LearningRate || LearningRate >= Steps[^1].LearningRate;

    /// <summary>One after the other, until the end or where the loss had run away.</summary>
    public required ImmutableArray<LearningRateStep> Steps { get; init; }
}

/// <summary>One step of a range test.</summary>
/// <param name="Loss">Of the batch, before the step.</param>
/// <param name="SmoothedLoss">Its exponential moving average, corrected for the beginning.</param>
public sealed record LearningRateStep(int Step, double LearningRate, double Loss, double SmoothedLoss);
