using System.Collections.Immutable;
using CnnTools.Images;

namespace CnnTools.Inspection;

/// <summary>
/// The 256 colours of a map. They are computed in OKLCh (Ottosson 2020), where equal steps look equal; where a colour is
/// more vivid than sRGB has it, its chroma gives way.
/// </summary>
internal static class ColorTable
{
    private static readonly ImmutableArray<ImmutableArray<RgbColor>> Tables =
        [.. Enum.GetValues<ColorMap>().Select(map => Enumerable.Range(0, 256).Select(i => At(map, i / 255.0)).ToImmutableArray())];

    public static ImmutableArray<RgbColor> Of(ColorMap map) => Tables[(int)map];

    private static RgbColor At(ColorMap map, double share) => map switch
    {
        ColorMap.Gray => Gray(share),
        ColorMap.Viridis => ToRgb(Between(0.28, 0.92, share), 0.17, Between(315, 105, share)),
        ColorMap.Heat => ToRgb(Between(0.05, 0.97, share), 0.24 * Math.Sin(Math.PI * Math.Pow(share, 0.8)), Between(285, 470, share)),
        _ => ToRgb(0.97 - (0.55 * Math.Abs((2 * share) - 1)), 0.19 * Math.Abs((2 * share) - 1), share < 0.5 ? 258 : 25),
    };

    private static RgbColor Gray(double share)
    {
        byte level = (byte)Math.Round(share * 255);
        return new(level, level, level);
    }

    private static double Between(double first, double last, double share) => first + ((last - first) * share);

    /// <param name="hue">In degrees.</param>
    private static RgbColor ToRgb(double lightness, double chroma, double hue)
    {
        (double sine, double cosine) = Math.SinCos(hue * Math.PI / 180);
        for (; ; chroma -= 0.002)
        {
            double[] linear = ToLinear(lightness, Math.Max(chroma, 0) * cosine, Math.Max(chroma, 0) * sine);
            if (chroma <= 0 || linear.All(value => value is >= 0 and <= 1))
            {
                byte[] bytes = Array.ConvertAll(linear, ToByte);
                return new(bytes[0], bytes[1], bytes[2]);
            }
        }
    }

    /// <summary>Red, green and blue of OKLab, before the curve of sRGB.</summary>
    private static double[] ToLinear(double lightness, double a, double b)
    {
        double l = Math.Pow(lightness + (0.3963377774 * a) + (0.2158037573 * b), 3);
        double m = Math.Pow(lightness - (0.1055613458 * a) - (0.0638541728 * b), 3);
        double s = Math.Pow(lightness - (0.0894841775 * a) - (1.2914855480 * b), 3);
        return
        [
            (4.0767416621 * l) - (3.3077115913 * m) + (0.2309699292 * s),
            (-1.2684380046 * l) + (2.6097574011 * m) - (0.3413193965 * s),
            (-0.0041960863 * l) - (0.7034186147 * m) + (1.7076147010 * s),
        ];
    }

    private static byte ToByte(double linear)
    {
        double value = Math.Clamp(linear, 0, 1);
        return (byte)Math.Round(255 * (value <= 0.0031308 ? 12.92 * value : (1.055 * Math.Pow(value, 1 / 2.4)) - 0.055));
    }
}
