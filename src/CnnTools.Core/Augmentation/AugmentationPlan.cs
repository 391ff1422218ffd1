using System.Collections.Immutable;
using CnnTools.Backends;

namespace CnnTools.Augmentation;

/// <summary>
/// What is done to training images, one step after the other. Erasing comes last whatever the order: it is done to the
/// normalised images.
/// </summary>
public sealed class AugmentationPlan
{
    private readonly ImmutableArray<AugmentationStep> _steps;
    private readonly ulong _seed;

    private AugmentationPlan(ImmutableArray<AugmentationStep> steps, ulong seed) => (_steps, _seed) = (steps, seed);

    /// <summary>Reads augmentations as <see cref="AugmentationCatalog.Parse"/> does; of none it is null.</summary>
    /// <param name="images">The images' shape (C, H, W).</param>
    /// <param name="seed">The run's.</param>
    /// <exception cref="CnnException">One is unknown, has wrong numbers, or cannot be done with these images.</exception>
    public static AugmentationPlan? Parse(IReadOnlyList<string> texts, Shape images, ulong seed)
    {
        ImmutableArray<AugmentationStep> steps = [.. texts.Select(AugmentationCatalog.Parse)];
        foreach (AugmentationStep step in steps)
        {
            step.RequireFit(images);
        }

        return steps.IsEmpty ? null : new(steps, seed);
    }

    /// <summary>
    /// The augmentation of one batch. Its draws depend on the seed and the batch's place in the training and on nothing else,
    /// so that a training that goes on draws as if it had not stopped, whatever order batches are made in.
    /// </summary>
    /// <param name="epoch">Epochs completed.</param>
    /// <param name="batch">Batches done of the running epoch.</param>
    public BatchAugmentation For(int epoch, int batch) => new(_steps, new RandomStream(_seed, $"augmentation {epoch} {batch}"));
}

/// <summary>The augmentation of one batch; used once.</summary>
public sealed class BatchAugmentation
{
    private readonly ImmutableArray<AugmentationStep> _steps;
    private readonly RandomStream _random;

    internal BatchAugmentation(ImmutableArray<AugmentationStep> steps, RandomStream random) => (_steps, _random) = (steps, random);

    /// <summary>Gathers images by index and changes them; what is to be done to the normalised batch waits for its Finish.</summary>
    /// <param name="images">(M, C, H, W; uint8).</param>
    internal AugmentedBatch Gather(IBackend backend, Tensor images, ReadOnlySpan<long> indices)
    {
        AugmentedBatch batch = new(backend, images, indices);
        foreach (AugmentationStep step in _steps)
        {
            step.Apply(batch, _random);
        }

        return batch;
    }
}
