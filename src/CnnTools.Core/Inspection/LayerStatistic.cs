namespace CnnTools.Inspection;

/// <summary>What a layer gives for a batch, and what comes back to it. What is not known or makes no sense is null.</summary>
public sealed record LayerStatistic
{
    public required string Model { get; init; }

    public required string Layer { get; init; }

    /// <summary>What it does: Conv2d, ReLU.</summary>
    public required string Type { get; init; }

    /// <summary>Of one sample's output.</summary>
    public required Shape OutputShape { get; init; }

    /// <summary>Samples of the batch.</summary>
    public required int Samples { get; init; }

    /// <summary>The mean over all values of its outputs.</summary>
    public required double Mean { get; init; }

    /// <summary>Their standard deviation (divided by their number).</summary>
    public required double Deviation { get; init; }

    /// <summary>The mean of the gradients of the batch's mean cross entropy with respect to its outputs.</summary>
    public double? GradientMean { get; init; }

    /// <summary>Their standard deviation: nearly 0 where they vanish.</summary>
    public double? GradientDeviation { get; init; }

    /// <summary>
    /// Of a ReLU: the share of its channels, or features, that are 0 everywhere and for the whole batch.
    /// </summary>
    public double? DeadShare { get; init; }
}
