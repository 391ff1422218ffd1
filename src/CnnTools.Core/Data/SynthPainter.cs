using System.Collections.Immutable;

namespace CnnTools.Data;

/// <summary>
/// Paints one SynthDigits image after another: every choice comes from one random stream, in a fixed order.
/// </summary>
internal sealed class SynthPainter(RandomStream random)
{
    private const int Size = SynthDigits.Size;

    // Pixels kept free around the digit.
    private const double Margin = 2;

    // The wobble's grid: random displacements at its knots, smooth in between.
    private const int Columns = 3;
    private const int Rows = 4;

    private readonly StrokeCanvas _digit = new(Size, Size);
    private readonly StrokeCanvas _clutter = new(Size, Size);
    private readonly (double X, double Y)[] _knots = new (double X, double Y)[Columns * Rows];
    private readonly List<(double X, double Y)> _points = [];

    /// <param name="digit">0 to 9.</param>
    /// <param name="pixels">28 rows of 28 bytes; all are written.</param>
    public void Paint(int digit, Span<byte> pixels)
    {
        DrawDigit(digit);
        DrawClutter();

        double ink = random.NextDouble(150, 255);
        double halfWidth = random.NextDouble(0.75, 1.6);
        double softness = random.NextDouble(1, 1.8);
        double clutterInk = random.NextDouble(0.25, 0.55) * ink;
        double clutterHalfWidth = random.NextDouble(0.4, 1.1);
        double paper = random.NextDouble(0, 40);
        double slopeX = random.NextDouble(-1, 1), slopeY = random.NextDouble(-1, 1);
        double noise = random.NextDouble(4, 14);

        for (int row = 0; row < Size; row++)
        {
            for (int column = 0; column < Size; column++)
            {
                int pixel = (row * Size) + column;
                double value = paper + (slopeX * (column - 13.5)) + (slopeY * (row - 13.5));
                value += _clutter.Coverage(pixel, clutterHalfWidth, 1) * Math.Max(0, clutterInk - value);
                value += _digit.Coverage(pixel, halfWidth, softness) * Math.Max(0, ink - value);
                value += noise * Noise();
                pixels[pixel] = (byte)(Math.Clamp(value, 0, 255) + 0.5);
            }
        }
    }

    private void DrawDigit(int digit)
    {
        ImmutableArray<ImmutableArray<ImmutableArray<(double X, double Y)>>> styles = SynthGlyphs.Digits[digit];
        ImmutableArray<ImmutableArray<(double X, double Y)>> strokes = styles[random.NextInt32(styles.Length)];
        for (int i = 0; i < _knots.Length; i++)
        {
            _knots[i] = (random.NextDouble(-7, 7), random.NextDouble(-7, 7));
        }

        // Rotation by its half angle's tangent: rational, so exact everywhere. 0.14 is 16 degrees.
        double t = random.NextDouble(-0.14, 0.14);
        double cosine = (1 - (t * t)) / (1 + (t * t)), sine = 2 * t / (1 + (t * t));
        double shear = random.NextDouble(-0.25, 0.25);
        double scaleY = random.NextDouble(14.5, 20) / SynthGlyphs.Height;
        double scaleX = scaleY * random.NextDouble(0.85, 1.2);

        _points.Clear();
        double left = double.MaxValue, right = double.MinValue, top = double.MaxValue, bottom = double.MinValue;
        foreach ((double X, double Y) point in strokes.SelectMany(stroke => stroke))
        {
            (double wx, double wy) = Wobble(point);
            double y = (wy - (SynthGlyphs.Height / 2)) * scaleY;
            double x = ((wx - (SynthGlyphs.Width / 2)) * scaleX) - (shear * y);
            (double X, double Y) placed = ((cosine * x) - (sine * y), (sine * x) + (cosine * y));
            _points.Add(placed);
            left = Math.Min(left, placed.X);
            right = Math.Max(right, placed.X);
            top = Math.Min(top, placed.Y);
            bottom = Math.Max(bottom, placed.Y);
        }

        double shiftX = Place(left, right), shiftY = Place(top, bottom);
        _digit.Clear();
        int first = 0;
        foreach (ImmutableArray<(double X, double Y)> stroke in strokes)
        {
            for (int i = first + 1; i < first + stroke.Length; i++)
            {
                (double X, double Y) from = _points[i - 1], to = _points[i];
                _digit.Line(from.X + shiftX, from.Y + shiftY, to.X + shiftX, to.Y + shiftY);
            }

            first += stroke.Length;
        }
    }

    /// <summary>Somewhere in the room there is, but never far from the middle.</summary>
    private double Place(double low, double high)
    {
        const double farthest = 2.75;
        double room = Math.Clamp((Size / 2.0) - Margin - ((high - low) / 2), 0, farthest);
        return (Size / 2.0) - ((low + high) / 2) + random.NextDouble(-room, room);
    }

    private void DrawClutter()
    {
        _clutter.Clear();
        int count = random.NextInt32(4);
        for (int i = 0; i < count; i++)
        {
            double x = random.NextDouble(0, Size), y = random.NextDouble(0, Size);
            _clutter.Line(x, y, x + random.NextDouble(-8, 8), y + random.NextDouble(-8, 8));
        }
    }

    /// <summary>Moves a point of the glyph's box by the knots around it, weighted by smoothstep.</summary>
    private (double X, double Y) Wobble((double X, double Y) point)
    {
        double gx = Math.Clamp(point.X / SynthGlyphs.Width, 0, 1) * (Columns - 1);
        double gy = Math.Clamp(point.Y / SynthGlyphs.Height, 0, 1) * (Rows - 1);
        int column = Math.Min((int)gx, Columns - 2), row = Math.Min((int)gy, Rows - 2);
        double u = Smooth(gx - column), v = Smooth(gy - row);
        (double X, double Y) a = _knots[(row * Columns) + column], b = _knots[(row * Columns) + column + 1];
        (double X, double Y) c = _knots[((row + 1) * Columns) + column], d = _knots[((row + 1) * Columns) + column + 1];
        return (
            point.X + Mix(Mix(a.X, b.X, u), Mix(c.X, d.X, u), v),
            point.Y + Mix(Mix(a.Y, b.Y, u), Mix(c.Y, d.Y, u), v));
    }

    private static double Smooth(double t) => t * t * (3 - (2 * t));

    private static double Mix(double a, double b, double t) => a + (t * (b - a));

    /// <summary>Near enough to a standard normal: four uniform 16-bit numbers added (deviation 1, at most 3.47).</summary>
    private double Noise()
    {
        ulong bits = random.NextUInt64();
        long sum = (long)((bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48));
        return (sum - 131070) * (1.7320508075688772 / 65536);
    }
}
