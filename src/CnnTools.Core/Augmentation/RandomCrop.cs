using CnnTools.Backends;

namespace CnnTools.Augmentation;

/// <summary>
/// Pads an image on all sides and cuts one of the first size out of it, anywhere: torchvision's RandomCrop with padding.
/// </summary>
/// <param name="Mode">What stands beyond the edge.</param>
/// <param name="Fill">The value of all channels, where that is constant.</param>
internal sealed record RandomCrop(int Padding, CropPadding Mode, byte Fill) : AugmentationStep<Pair>
{
    internal override void RequireFit(Shape images)
    {
        int least = Math.Min(images.Height, images.Width);
        int most = Mode switch { CropPadding.Reflect => least - 1, CropPadding.Symmetric => least, _ => int.MaxValue };
        if (Padding > most)
        {
            throw Errors.AugmentationDoesNotFit("RandomCrop", $"images of {images} can be padded by {most} at most in the mode {Mode}",
                $"Use a padding of at most {most}, or another mode.");
        }
    }

    /// <summary>The place of the first pixel in the padded image.</summary>
    internal override Pair Draw(RandomStream random, Shape images) =>
        new(random.NextInt32((2 * Padding) + 1), random.NextInt32((2 * Padding) + 1));

    internal override void Apply(AugmentedBatch batch, IReadOnlyList<Pair> draws) => batch.Move(
        (image, y) => Place(y + draws[image].Vertical - Padding, batch.ImageShape.Height),
        (image, x) => Place(x + draws[image].Horizontal - Padding, batch.ImageShape.Width),
        Mode == CropPadding.Constant ? Fill : null);

    private int Place(int place, int size) => Mode switch
    {
        _ when place >= 0 && place < size => place,
        CropPadding.Edge => Math.Clamp(place, 0, size - 1),
        CropPadding.Reflect => place < 0 ? -place : (2 * (size - 1)) - place,
        CropPadding.Symmetric => place < 0 ? -1 - place : (2 * size) - 1 - place,
        _ => -1,
    };
}

/// <summary>What stands beyond the edge, as torchvision's pad calls it.</summary>
internal enum CropPadding
{
    Constant,
    Edge,
    Reflect,

    /// <summary>Reflection with the edge itself in it.</summary>
    Symmetric,
}
