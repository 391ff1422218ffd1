using CnnTools.Backends;

namespace CnnTools.Augmentation;

/// <summary>
/// Some operations one after the other, each drawn from fourteen, all of one strength (Cubuk et al. 2019): torchvision's
/// RandAugment with its operations and magnitudes.
/// </summary>
/// <param name="Magnitude">The strength: 0 to 30.</param>
internal sealed record RandAugment(int Operations, int Magnitude, Interpolation Mode, byte Fill) : AugmentationStep<Adjustment[]>
{
    internal const int LargestMagnitude = 30;

    // Its operations, in torchvision's order.
    private const int Kinds = (int)AdjustmentKind.Equalize + 1;

    internal override void RequireFit(Shape images)
    {
        if (images.Channels is not (1 or 3))
        {
            throw Errors.AugmentationDoesNotFit("RandAugment", $"images of {images} are neither grey nor red, green and blue",
                "Leave it out, or use images of one channel or three.");
        }
    }

    internal override Adjustment[] Draw(RandomStream random, Shape images)
    {
        Adjustment[] drawn = new Adjustment[Operations];
        for (int i = 0; i < Operations; i++)
        {
            AdjustmentKind kind = (AdjustmentKind)random.NextInt32(Kinds);
            bool signed = kind is > AdjustmentKind.Identity and <= AdjustmentKind.Sharpness;
            drawn[i] = new(kind, MagnitudeOf(kind, images, signed && random.NextInt32(2) == 1 ? -1 : 1));
        }

        return drawn;
    }

    internal override void Apply(AugmentedBatch batch, IReadOnlyList<Adjustment[]> draws)
    {
        for (int i = 0; i < Operations; i++)
        {
            Adjustment.Apply(batch, [.. draws.Select(draw => draw[i])], Mode, Fill);
        }
    }

    private double MagnitudeOf(AdjustmentKind kind, Shape images, int sign) => kind switch
    {
        AdjustmentKind.ShearX or AdjustmentKind.ShearY => sign * Level(0.3),
        AdjustmentKind.TranslateX => sign * Level(150.0 / 331 * images.Width),
        AdjustmentKind.TranslateY => sign * Level(150.0 / 331 * images.Height),
        AdjustmentKind.Rotate => sign * Level(30),
        AdjustmentKind.Brightness or AdjustmentKind.Color or AdjustmentKind.Contrast or AdjustmentKind.Sharpness => 1 + (sign * Level(0.9)),
        AdjustmentKind.Posterize => 8 - Math.Round(Magnitude / (LargestMagnitude / 4.0)),
        AdjustmentKind.Solarize => 255 - Level(255),
        _ => 0,
    };

    private double Level(double most) => most * Magnitude / LargestMagnitude;
}
