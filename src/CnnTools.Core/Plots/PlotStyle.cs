using System.Globalization;
using CnnTools.Drawing;

namespace CnnTools.Plots;

/// <summary>How the lines and words of plots look.</summary>
internal static class PlotStyle
{
    public const string Font = "DejaVu Sans, Verdana, Helvetica, sans-serif";
    public const string Grid = "#e3e7ec";
    public const string Frame = "#aab3be";
    public const string Faint = "#5a6470";
    public const double TitleSize = 15;
    public const double TextSize = 12;
    public const double SmallSize = 11;

    // On average; digits are a little wider, most letters narrower.
    private const double LetterWidth = 0.64;

    // Dark enough on white, and told apart by those too who see few colours: neighbours differ in lightness.
    private static readonly string[] Colors =
        ["#2f6db3", "#d1662b", "#1d7a4f", "#b02a6f", "#b8901a", "#5b3f9e", "#13838a", "#8a3b1c", "#6b7280", "#7cb342"];

    public static double WidthOf(string text, double size) => Label.WidthOf(text) * size * LetterWidth;

    /// <summary>A run's colour. Beyond ten, hues go round by the golden angle.</summary>
    public static string ColorOf(int run) => run < Colors.Length
        ? Colors[run]
        : string.Create(CultureInfo.InvariantCulture, $"hsl({((run * 137.508) + 60) % 360:0},60%,{(run % 2 == 0 ? 28 : 64)}%)");

    /// <summary>A split's colour, where a single run is drawn.</summary>
    public static string ColorOf(CurveKind kind) => Colors[kind switch
    {
        CurveKind.Validation => 2,
        CurveKind.Test => 1,
        _ => 0,
    }];

    /// <summary>A split's dashes.</summary>
    public static string DashesOf(CurveKind kind) => kind switch
    {
        CurveKind.Validation => "2 3",
        CurveKind.Test => "7 4",
        _ => "none",
    };

    public static string NameOf(CurveKind kind) => kind switch
    {
        CurveKind.Steps => "training, steps",
        CurveKind.Train => "training",
        CurveKind.Validation => "validation",
        CurveKind.Test => "test",
        _ => "",
    };
}
