namespace CnnTools.Training;

/// <summary>
/// The state of a schedule that lowers the rate when a figure stops getting better, as PyTorch's ReduceLROnPlateau; it is a
/// part of the position, and so of checkpoints.
/// </summary>
public sealed record Plateau
{
    // A figure is better by this share, or it is not; a rate that would change by less stays.
    private const double Threshold = 1e-4;
    private const double LeastChange = 1e-8;

    public required double LearningRate { get; init; }

    /// <summary>Null before the first figure.</summary>
    public double? Best { get; init; }

    public int BadEpochs { get; init; }

    /// <param name="figure">What is looked at, of the epoch that ended.</param>
    /// <param name="higherIsBetter">As with an accuracy.</param>
    public Plateau After(double figure, bool higherIsBetter, ScheduleOptions options)
    {
        bool better = Best is not { } best
            || (higherIsBetter ? figure > best * (1 + Threshold) : figure < best * (1 - Threshold));
        if (better)
        {
            return this with { Best = figure, BadEpochs = 0 };
        }

        if (BadEpochs < (options.Patience ?? 10))
        {
            return this with { BadEpochs = BadEpochs + 1 };
        }

        double lower = Math.Max(LearningRate * (options.Gamma ?? 0.1), options.MinLearningRate ?? 0);
        return this with { BadEpochs = 0, LearningRate = LearningRate - lower > LeastChange ? lower : LearningRate };
    }
}
