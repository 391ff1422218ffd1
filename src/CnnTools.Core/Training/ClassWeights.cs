using CnnTools.Data;

namespace CnnTools.Training;

/// <summary>How much each class counts in the loss, as the weight of torch.nn.functional.cross_entropy.</summary>
internal static class ClassWeights
{
    /// <summary>Those of the options, one for each class; null where all count alike.</summary>
    /// <exception cref="CnnException">There are more or fewer of them than classes.</exception>
    public static float[]? Of(TrainingOptions options, ImageSet images, int classes)
    {
        if (options.BalancedClasses)
        {
            int[] counts = new int[classes];
            foreach (int label in images.Labels)
            {
                counts[label]++;
            }

            // A class without images has no part in the loss.
            return [.. counts.Select(count => count == 0 ? 0 : images.Count / ((float)classes * count))];
        }

        return options.ClassWeights is not { } given ? null
            : given.Count == classes ? [.. given.Select(weight => (float)weight)]
            : throw Errors.InvalidArgument("ClassWeights", string.Join(", ", given), $"Balanced, or {classes} numbers, one for each class");
    }
}
