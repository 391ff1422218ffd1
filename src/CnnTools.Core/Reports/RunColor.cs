using System.Globalization;
using CnnTools.Plots;

namespace CnnTools.Reports;

/// <summary>Colours of curves as the style sheet has them: legible on its light ground and on its dark one.</summary>
internal static class RunColor
{
    private const int Named = 10;

    /// <summary>A run's colour. Beyond ten, hues go round by the golden angle.</summary>
    public static string Of(int run) => run < Named
        ? string.Create(CultureInfo.InvariantCulture, $"var(--curve-{run})")
        : string.Create(CultureInfo.InvariantCulture, $"hsl({((run * 137.508) + 60) % 360:0} 60% var(--curve-lightness-{run % 2}))");

    /// <summary>A split's colour, where there is a single run.</summary>
    public static string Of(CurveKind split) => Of(split switch
    {
        CurveKind.Validation => 2,
        CurveKind.Test => 1,
        _ => 0,
    });
}
