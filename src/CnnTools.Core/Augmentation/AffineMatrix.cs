namespace CnnTools.Augmentation;

/// <summary>
/// Where a pixel of the turned, scaled, sheared and moved image is looked for in the first: six numbers, (x, y) to
/// (a·x + b·y + c, d·x + e·y + f), counted from the image's middle. The inverse of T·C·R·S·Hy·Hx·C⁻¹: translation, rotation
/// and shear around a centre.
/// </summary>
internal static class AffineMatrix
{
    public static float[] Identity { get; } = [1, 0, 0, 0, 1, 0];

    /// <summary>As torchvision's affine: angles in degrees, clockwise; translations in pixels, right and down.</summary>
    /// <param name="centre">What stays in its place, seen from the image's middle: across, down.</param>
    public static float[] Affine(AffineDraw draw, (double X, double Y) centre = default)
    {
        (double angle, double shearX, double shearY) = (Radians(draw.Angle), Radians(draw.ShearX), Radians(draw.ShearY));

        // Of rotation and shear, whose determinant is 1.
        double a = Math.Cos(angle - shearY) / Math.Cos(shearY);
        double c = Math.Sin(angle - shearY) / Math.Cos(shearY);
        double b = (-a * Math.Tan(shearX)) - Math.Sin(angle);
        double d = (-c * Math.Tan(shearX)) + Math.Cos(angle);

        (double x, double y) = (-centre.X - draw.Right, -centre.Y - draw.Down);
        (a, b, c, d) = (a / draw.Scale, b / draw.Scale, c / draw.Scale, d / draw.Scale);
        return
        [
            (float)d, (float)-b, (float)((d * x) - (b * y) + centre.X),
            (float)-c, (float)a, (float)((-c * x) + (a * y) + centre.Y),
        ];
    }

    /// <summary>As torchvision's rotate: in degrees, counter-clockwise, around the middle.</summary>
    public static float[] Rotation(double angle) => Affine(new(-angle, 0, 0, 1, 0, 0));

    private static double Radians(double degrees) => degrees * Math.PI / 180;
}

/// <summary>One draw of an affine change.</summary>
/// <param name="Angle">In degrees, clockwise.</param>
/// <param name="Right">In pixels, as <paramref name="Down"/>.</param>
/// <param name="ShearX">In degrees, as <paramref name="ShearY"/>.</param>
internal readonly record struct AffineDraw(double Angle, int Right, int Down, double Scale, double ShearX, double ShearY);
