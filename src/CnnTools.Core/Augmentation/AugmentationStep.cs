namespace CnnTools.Augmentation;

/// <summary>
/// One way to change training images at random, with its numbers. The numbers come from torchvision 0.14.1's transform of
/// that name; each image of a batch has a draw of its own.
/// </summary>
public abstract record AugmentationStep
{
    /// <summary>Whether it can be done with images of a shape (C, H, W).</summary>
    /// <exception cref="CnnException">It cannot: says why.</exception>
    internal virtual void RequireFit(Shape images)
    {
    }

    /// <summary>Draws for each image of the batch, in their order, and changes them.</summary>
    internal abstract void Apply(AugmentedBatch batch, RandomStream random);
}

/// <summary>A step whose draws can be looked at.</summary>
/// <typeparam name="TDraw">What is drawn for an image.</typeparam>
internal abstract record AugmentationStep<TDraw> : AugmentationStep
{
    /// <param name="images">(C, H, W).</param>
    internal abstract TDraw Draw(RandomStream random, Shape images);

    /// <param name="draws">One for each image.</param>
    internal abstract void Apply(AugmentedBatch batch, IReadOnlyList<TDraw> draws);

    internal sealed override void Apply(AugmentedBatch batch, RandomStream random)
    {
        TDraw[] draws = new TDraw[batch.Count];
        for (int i = 0; i < draws.Length; i++)
        {
            draws[i] = Draw(random, batch.ImageShape);
        }

        Apply(batch, draws);
    }
}
