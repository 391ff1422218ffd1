using System.Collections.Immutable;

namespace CnnTools.Data;

/// <summary>Image files and their classes, before any is decoded.</summary>
/// <param name="Paths">Full paths.</param>
/// <param name="Labels">One index into the class names a file.</param>
/// <param name="ClassNames">In ordinal order.</param>
/// <param name="TrainCount">How many of the first are the training split; null where the list is not divided yet.</param>
internal sealed record LabelledFiles(
    ImmutableArray<string> Paths, ImmutableArray<int> Labels, ImmutableArray<string> ClassNames, int? TrainCount)
{
    /// <summary>The indices of both splits, ascending: as the list is divided, else a share of every class for each.</summary>
    /// <returns>The fault is the error of a share that leaves a class no image on one side: such splits are to look at only.</returns>
    /// <exception cref="CnnException">The share is none, or there is nothing to divide.</exception>
    public (int[] Train, int[] Test, CnnException? Fault) Split(double? trainFraction, ulong seed)
    {
        int[] all = [.. Enumerable.Range(0, Paths.Length)];
        if (TrainCount is { } count)
        {
            return trainFraction is null
                ? (all[..count], all[count..], null)
                : throw Errors.IncompatibleArguments(
                    "-TrainFraction divides a folder that has no test split; this one has.", "Leave -TrainFraction out.");
        }

        double share = trainFraction ?? ImageFolder.DefaultTrainFraction;
        (int[] train, int[] test, string? fault) = StratifiedSplit.Divide(Labels.AsSpan(), 1 - share, seed, "test split", Refuse);
        return (train, test, fault is null ? null : Refuse(fault));

        CnnException Refuse(string reason) => Errors.InvalidArgument("TrainFraction", share, reason);
    }
}
