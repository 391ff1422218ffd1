namespace CnnTools.Training;

/// <summary>What a training has chosen by the monitored figure so far; a part of the position, and so of checkpoints.</summary>
public sealed record Selection
{
    /// <summary>Null before the first figure.</summary>
    public double? Best { get; init; }

    /// <summary>Epochs since there was a better one.</summary>
    public int BadEpochs { get; init; }

    /// <summary>The best epochs, whose checkpoints are kept, the best first.</summary>
    public IReadOnlyList<KeptEpoch> Kept { get; init; } = [];

    /// <summary>The selection with an epoch's figure taken in.</summary>
    /// <param name="step">Where the epoch ended.</param>
    public Selection After(double figure, long step, bool higherIsBetter, int keep)
    {
        bool better = Best is not { } best || IsBetter(figure, best);
        int place = Kept.TakeWhile(kept => !IsBetter(figure, kept.Figure)).Count();
        return new()
        {
            Best = better ? figure : Best,
            BadEpochs = better ? 0 : BadEpochs + 1,
            Kept = [.. Kept.Take(place).Append(new(figure, step)).Concat(Kept.Skip(place)).Take(keep)],
        };

        bool IsBetter(double left, double right) => higherIsBetter ? left > right : left < right;
    }
}
