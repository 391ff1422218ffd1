namespace CnnTools.Plots;

/// <summary>An axis: where its values lie, from the first tick to the last.</summary>
/// <param name="ticks">Rising; above zero where it is logarithmic. One alone lies in the middle.</param>
/// <param name="start">The first tick's pixel.</param>
/// <param name="end">The last tick's.</param>
internal sealed class Scale(double[] ticks, double start, double end, bool logarithmic = false)
{
    public IReadOnlyList<(double Place, string Label)> Ticks { get; } =
        [.. ticks.Zip(Plots.Ticks.Format(ticks), (tick, label) => (Map(tick, ticks, start, end, logarithmic), label))];

    public double Of(double value) => Map(value, ticks, start, end, logarithmic);

    private static double Map(double value, double[] ticks, double start, double end, bool logarithmic)
    {
        (double from, double to) = (ticks[0], ticks[^1]);
        double share = ticks.Length == 1 ? 0.5
            : logarithmic ? Math.Log(value / from) / Math.Log(to / from) : (value - from) / (to - from);
        return start + (share * (end - start));
    }
}
