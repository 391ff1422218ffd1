namespace CnnTools.Training;

/// <summary>What a training has chosen by the monitored figure so far; a part of the position, and so of checkpoints.</summary>
public sealed record Selection
{
    /// <summary>Null before the first figure.</summary>
    public double? Best { get; init; }

    /// <summary>Epochs since there was a better one.</summary>
    public int BadEpochs { get; init; }

    /// <summary>The figures of the best epochs whose checkpoints are kept, the best first.</summary>
    public IReadOnlyList<double> Kept { get; init; } = [];

    /// <summary>Takes in an epoch's figure.</summary>
    /// <returns>The selection after it, and the epoch's place among those that are kept, from 0; null where it is none.</returns>
    public (Selection Next, int? Place) After(double figure, bool higherIsBetter, int keep)
    {
        bool better = Best is not { } best || IsBetter(figure, best);
        int place = Kept.TakeWhile(kept => !IsBetter(figure, kept)).Count();
        Selection next = new()
        {
            Best = better ? figure : Best,
            BadEpochs = better ? 0 : BadEpochs + 1,
            Kept = [.. Kept.Take(place).Append(figure).Concat(Kept.Skip(place)).Take(keep)],
        };
        return (next, place < keep ? place : null);

        bool IsBetter(double left, double right) => higherIsBetter ? left > right : left < right;
    }
}
