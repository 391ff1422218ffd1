using System.Globalization;

namespace CnnTools.Data;

/// <summary>
/// Takes a validation share from a training split, the same share of every class (stratified sampling). Depends on
/// the labels, the share and the seed only; the order of the images, sorted by class or not, does no harm.
/// </summary>
public static class StratifiedSplit
{
    /// <summary>Splits the indices of the images in two.</summary>
    /// <param name="images">The training split.</param>
    /// <param name="share">Of the images that go to validation: more than 0, less than 1.</param>
    /// <param name="seed">The run's; the numbers come from its stream "split".</param>
    /// <returns>
    /// Both ascending, together every index once. In total the share is rounded to the nearest (halves up), and a class
    /// gives its share rounded down or up (largest remainder method).
    /// </returns>
    /// <exception cref="CnnException">The share is out of range, or leaves a class with no image on either side.</exception>
    public static (int[] Training, int[] Validation) Split(ImageSet images, double share, ulong seed)
    {
        (int[] training, int[] validation, string? fault) = Divide(images.Labels, share, seed, "split", Refuse);
        return fault is null ? (training, validation) : throw Refuse(fault);

        CnnException Refuse(string reason) => Errors.InvalidArgument("ValidationSplit", share, reason);
    }

    /// <summary>The same for labels alone, whatever they are divided for.</summary>
    /// <param name="stream">The name of the random numbers' stream.</param>
    /// <param name="refuse">The error for a share that must be something else.</param>
    /// <returns>Also why the share is not for training: the first class that has no image on one side; null where all have.</returns>
    internal static (int[] Remaining, int[] Taken, string? Fault) Divide(
        ReadOnlySpan<int> imageLabels, double share, ulong seed, string stream, Func<string, CnnException> refuse)
    {
        if (!(share > 0 && share < 1))
        {
            throw refuse("a share between 0 and 1, as 0.1");
        }

        int[] labels = imageLabels.ToArray();
        int[][] classes = [.. Enumerable.Range(0, labels.Length).GroupBy(i => labels[i])
            .OrderBy(group => group.Key).Select(group => group.ToArray())];
        int[] taken = Apportion([.. classes.Select(indices => indices.Length)], share);

        RandomStream random = new(seed, stream);
        string? fault = null;
        bool[] isTaken = new bool[labels.Length];
        for (int i = 0; i < classes.Length; i++)
        {
            int[] indices = classes[i];
            if (taken[i] == 0 || taken[i] == indices.Length)
            {
                string side = taken[i] == 0 ? stream == "split" ? "validation" : "testing" : "training";
                int label = labels[indices[0]];
                fault ??= string.Create(CultureInfo.InvariantCulture,
                    $"a share that leaves every class images on both sides (of the {indices.Length} images of class {label} none would be for {side})");
            }

            random.Shuffle<int>(indices);
            foreach (int index in indices.AsSpan(0, taken[i]))
            {
                isTaken[index] = true;
            }
        }

        int[] all = [.. Enumerable.Range(0, labels.Length)];
        return ([.. all.Where(i => !isTaken[i])], [.. all.Where(i => isTaken[i])], fault);
    }

    /// <summary>Each class its share rounded down, and what the total still lacks to those that lost most by it.</summary>
    private static int[] Apportion(int[] counts, double share)
    {
        int[] taken = [.. counts.Select(count => (int)(count * share))];
        int lacking = (int)Math.Round(counts.Sum() * share, MidpointRounding.AwayFromZero) - taken.Sum();
        IEnumerable<int> byLoss = Enumerable.Range(0, counts.Length).OrderByDescending(i => (counts[i] * share) - taken[i]);
        foreach (int i in byLoss.Take(lacking))
        {
            taken[i]++;
        }

        return taken;
    }
}
