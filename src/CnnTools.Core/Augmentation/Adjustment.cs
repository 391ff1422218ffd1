using CnnTools.Backends;

namespace CnnTools.Augmentation;

internal enum AdjustmentKind
{
    Identity,
    ShearX,
    ShearY,
    TranslateX,
    TranslateY,
    Rotate,
    Brightness,
    Color,
    Contrast,
    Sharpness,
    Posterize,
    Solarize,
    AutoContrast,
    Equalize,
    Hue,
}

/// <summary>One of torchvision's functional transforms with its number.</summary>
/// <param name="Magnitude">
/// Shears: the tangent; translations: pixels; rotation: degrees; brightness to sharpness: the factor; posterising: the bits that
/// stay; solarising: the least value that is inverted; hue: a share of the circle.
/// </param>
internal readonly record struct Adjustment(AdjustmentKind Kind, double Magnitude)
{
    /// <summary>Changes each image of a batch in its own way; those of one kind go together.</summary>
    /// <param name="adjustments">One for each image.</param>
    /// <param name="mode">Of what is turned, moved and sheared.</param>
    public static void Apply(
        AugmentedBatch batch, IReadOnlyList<Adjustment> adjustments, Interpolation mode = Interpolation.Nearest, byte fill = 0)
    {
        IBackend backend = batch.Backend;
        foreach (IGrouping<Family, int> group in Enumerable.Range(0, batch.Count).GroupBy(i => FamilyOf(adjustments[i].Kind)))
        {
            if (group.Key == Family.None)
            {
                continue;
            }

            Adjustment[] own = [.. group.Select(i => adjustments[i])];
            double[] magnitudes = Array.ConvertAll(own, adjustment => adjustment.Magnitude);
            long[] indices = [.. group.Select(i => (long)i)];
            Tensor part = batch.Select(indices);
            batch.Put(indices, group.Key switch
            {
                Family.Warp => backend.WarpImages(part, [.. own.SelectMany(a => a.MatrixFor(batch.ImageShape))], mode, fill),
                Family.Table => backend.MapBytes(part, AdjustmentTables.For(own, backend.CountBytes(part))),
                Family.Hue => backend.ShiftHue(part, magnitudes),
                Family.Brightness => backend.BlendImages(part, magnitudes, BlendPartner.Black),
                Family.Contrast => backend.BlendImages(part, magnitudes, BlendPartner.Mean),
                Family.Color => backend.BlendImages(part, magnitudes, BlendPartner.Grey),
                _ => backend.BlendImages(part, magnitudes, BlendPartner.Blurred),
            });
        }
    }

    /// <summary>Shears keep the top left corner where it is, rotation the middle.</summary>
    private float[] MatrixFor(Shape images)
    {
        (double X, double Y) corner = (images.Width * -0.5, images.Height * -0.5);
        double shear = Math.Atan(Magnitude) * 180 / Math.PI;
        AffineDraw none = new(0, 0, 0, 1, 0, 0);
        return Kind switch
        {
            AdjustmentKind.ShearX => AffineMatrix.Affine(none with { ShearX = shear }, corner),
            AdjustmentKind.ShearY => AffineMatrix.Affine(none with { ShearY = shear }, corner),
            AdjustmentKind.TranslateX => AffineMatrix.Affine(none with { Right = (int)Magnitude }),
            AdjustmentKind.TranslateY => AffineMatrix.Affine(none with { Down = (int)Magnitude }),
            _ => AffineMatrix.Rotation(Magnitude),
        };
    }

    private static Family FamilyOf(AdjustmentKind kind) => kind switch
    {
        AdjustmentKind.Identity => Family.None,
        AdjustmentKind.Brightness => Family.Brightness,
        AdjustmentKind.Contrast => Family.Contrast,
        AdjustmentKind.Color => Family.Color,
        AdjustmentKind.Sharpness => Family.Sharpness,
        AdjustmentKind.Hue => Family.Hue,
        AdjustmentKind.Posterize or AdjustmentKind.Solarize or AdjustmentKind.AutoContrast or AdjustmentKind.Equalize => Family.Table,
        _ => Family.Warp,
    };

    /// <summary>Kinds that one operation of the backend does.</summary>
    private enum Family
    {
        None,
        Warp,
        Table,
        Brightness,
        Contrast,
        Color,
        Sharpness,
        Hue,
    }
}
