using System.Collections.Immutable;
using System.Globalization;

namespace CnnTools.Data;

/// <summary>
/// How SynthDigits writes each digit: a few styles, each a list of strokes. A stroke is a kind and its points "x,y"
/// in a box 60 wide and 100 high (y grows downwards): '-' straight lines from point to point, '~' a Catmull-Rom
/// curve through the points, 'o' the same closed.
/// </summary>
internal static class SynthGlyphs
{
    public const double Width = 60;
    public const double Height = 100;

    // Enough pieces that curves look round, and that straight lines can bend under the wobble.
    private const int PiecesPerSpan = 5;

    private static readonly string[][][] Styles =
    [
        [
            ["o 30,0 9,16 0,50 9,84 30,100 51,84 60,50 51,16"],
            ["o 32,0 16,18 10,52 16,86 30,100 44,82 50,48 46,16"],
        ],
        [
            ["- 30,0 30,100"],
            ["- 12,22 33,0 33,100"],
            ["- 14,20 32,0 32,100", "- 12,100 52,100"],
        ],
        [
            ["~ 4,22 14,5 33,0 53,11 53,34 36,60 4,98", "- 4,98 58,98"],
            ["~ 6,18 28,0 52,16 46,48 22,86 7,95 5,82 18,78 36,92 58,98"],
        ],
        [
            ["~ 6,9 30,0 53,13 50,36 24,46", "~ 24,46 54,57 57,82 33,100 3,90"],
            ["- 6,0 54,0 27,40", "~ 27,40 52,48 57,76 37,99 3,91"],
        ],
        [
            ["- 44,100 44,0 0,66 60,66"],
            ["- 10,0 4,56 58,56", "- 47,14 43,100"],
        ],
        [
            ["- 53,0 11,0 7,43", "~ 7,43 30,34 56,50 56,80 33,100 2,91"],
            ["~ 12,2 8,24 7,42 32,38 54,56 50,86 26,100 2,92", "- 12,2 54,0"],
        ],
        [
            ["~ 47,1 22,20 5,54 8,87 30,100 53,87 53,62 32,50 6,68"],
            ["~ 30,0 12,32 4,72 18,97 42,96 52,74 38,58 16,64 6,80"],
        ],
        [
            ["- 2,0 58,0 24,100"],
            ["- 2,0 58,0 26,100", "- 18,50 54,50"],
            ["~ 3,14 4,3 30,3 57,2 40,42 28,100"],
        ],
        [
            ["o 30,0 9,9 9,35 30,46 51,35 51,9", "o 30,46 4,59 4,88 30,100 56,88 56,59"],
            ["o 50,13 30,0 10,14 17,36 43,60 53,83 30,100 7,84 16,60 43,36"],
        ],
        [
            ["~ 54,30 34,49 10,41 6,17 28,0 51,11 55,38 47,74 22,100"],
            ["o 30,0 8,11 8,38 30,49 52,38 52,11", "- 53,14 50,100"],
        ],
    ];

    /// <summary>Digit, style, stroke: each stroke a list of points (x, y) joined by straight pieces.</summary>
    public static ImmutableArray<ImmutableArray<ImmutableArray<ImmutableArray<(double X, double Y)>>>> Digits { get; } =
    [
        .. Styles.Select(styles => styles.Select(strokes => strokes.Select(Flatten).ToImmutableArray()).ToImmutableArray()),
    ];

    private static ImmutableArray<(double X, double Y)> Flatten(string stroke)
    {
        string[] words = stroke.Split(' ');
        (double X, double Y)[] points = [.. words.Skip(1).Select(ParsePoint)];
        bool curved = words[0] != "-";
        bool closed = words[0] == "o";
        int spans = closed ? points.Length : points.Length - 1;

        var flat = ImmutableArray.CreateBuilder<(double X, double Y)>((spans * PiecesPerSpan) + 1);
        flat.Add(points[0]);
        for (int span = 0; span < spans; span++)
        {
            (double X, double Y) from = At(span), to = At(span + 1);
            (double X, double Y) before = curved ? At(span - 1) : default, after = curved ? At(span + 2) : default;
            for (int piece = 1; piece <= PiecesPerSpan; piece++)
            {
                double t = piece / (double)PiecesPerSpan;
                flat.Add(curved
                    ? (CatmullRom(before.X, from.X, to.X, after.X, t), CatmullRom(before.Y, from.Y, to.Y, after.Y, t))
                    : (from.X + (t * (to.X - from.X)), from.Y + (t * (to.Y - from.Y))));
            }
        }

        return flat.MoveToImmutable();

        (double X, double Y) At(int index) => closed
            ? points[(index + points.Length) % points.Length]
            : points[Math.Clamp(index, 0, points.Length - 1)];
    }

    /// <summary>Between p1 and p2 at t in [0, 1] (Catmull, Rom 1974).</summary>
    private static double CatmullRom(double p0, double p1, double p2, double p3, double t) =>
        0.5 * ((2 * p1) + ((p2 - p0) * t) + (((2 * p0) - (5 * p1) + (4 * p2) - p3) * t * t)
            + (((3 * p1) - p0 - (3 * p2) + p3) * t * t * t));

    private static (double X, double Y) ParsePoint(string text)
    {
        string[] parts = text.Split(',');
        return (double.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture));
    }
}
