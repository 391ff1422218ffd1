namespace CnnTools.Augmentation;

/// <summary>Mirrors an image with a probability: torchvision's RandomHorizontalFlip and RandomVerticalFlip.</summary>
/// <param name="Horizontal">Left and right are exchanged; else top and bottom.</param>
internal sealed record Flip(bool Horizontal, double Probability) : AugmentationStep<bool>
{
    internal override bool Draw(RandomStream random, Shape images) => random.NextDouble() < Probability;

    internal override void Apply(AugmentedBatch batch, IReadOnlyList<bool> draws)
    {
        int last = (Horizontal ? batch.ImageShape.Width : batch.ImageShape.Height) - 1;
        Func<int, int, int> mirror = (image, place) => draws[image] ? last - place : place;
        batch.Move(Horizontal ? null : mirror, Horizontal ? mirror : null);
    }
}
