namespace CnnTools.Data;

/// <summary>
/// A small grayscale picture that strokes are drawn on: each pixel keeps its squared distance to the nearest stroke,
/// from which a pen of any width gives an anti-aliased coverage.
/// </summary>
/// <remarks>Only + - * / and square roots, which IEEE 754 rounds the same everywhere.</remarks>
internal sealed class StrokeCanvas(int width, int height)
{
    // Farther than any pen reaches: larger distances are never looked at.
    private const double Reach = 3.5;
    private const double Far = Reach * Reach;

    private readonly double[] _squared = new double[width * height];

    public void Clear() => Array.Fill(_squared, Far);

    /// <summary>A straight piece between two points, in pixels; the first pixel's centre is (0.5, 0.5).</summary>
    public void Line(double x0, double y0, double x1, double y1)
    {
        double dx = x1 - x0, dy = y1 - y0;
        double length = (dx * dx) + (dy * dy);
        double inverse = length > 0 ? 1 / length : 0;
        int left = Math.Max(0, (int)(Math.Min(x0, x1) - Reach));
        int right = Math.Min(width - 1, (int)(Math.Max(x0, x1) + Reach));
        int top = Math.Max(0, (int)(Math.Min(y0, y1) - Reach));
        int bottom = Math.Min(height - 1, (int)(Math.Max(y0, y1) + Reach));
        for (int row = top; row <= bottom; row++)
        {
            double py = row + 0.5 - y0;
            for (int column = left; column <= right; column++)
            {
                double px = column + 0.5 - x0;
                double along = Math.Clamp(((px * dx) + (py * dy)) * inverse, 0, 1);
                double ex = px - (along * dx), ey = py - (along * dy);
                double squared = (ex * ex) + (ey * ey);
                ref double nearest = ref _squared[(row * width) + column];
                nearest = Math.Min(nearest, squared);
            }
        }
    }

    /// <summary>How much of the pixel the pen covers, in [0, 1].</summary>
    /// <param name="softness">Over how many pixels the edge falls off.</param>
    public double Coverage(int pixel, double halfWidth, double softness) =>
        _squared[pixel] >= Far ? 0 : Math.Clamp(0.5 + ((halfWidth - Math.Sqrt(_squared[pixel])) / softness), 0, 1);
}
