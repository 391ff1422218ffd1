namespace CnnTools.Plots;

/// <summary>A curve in one line of text.</summary>
public static class Sparkline
{
    /// <summary>The most characters that one has.</summary>
    public const int MostCharacters = 9;

    private const string Blocks = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";
    private const string Ascii = "_.,-=+*#";

    /// <summary>
    /// A character for each value, the higher the larger it is among them; of many values one for the mean of neighbours. A cross
    /// stands for what is no number.
    /// </summary>
    /// <param name="unicode">Whether block characters can be shown; else it is of ASCII.</param>
    public static string Draw(IReadOnlyList<double> values, bool unicode)
    {
        double[] means = [.. Downsampling.Group([.. values.Select((value, i) => new CurvePoint(i, value))], MostCharacters).Select(g => g.Mean)];
        double[] figures = [.. means.Where(double.IsFinite).DefaultIfEmpty()];
        (double least, double range) = (figures.Min(), figures.Max() - figures.Min());
        string levels = unicode ? Blocks : Ascii;
        return string.Concat(means.Select(mean => !double.IsFinite(mean) ? (unicode ? '\u00d7' : 'x') : levels[range > 0 ? (int)Math.Round((mean - least) / range * 7) : 7]));
    }
}
