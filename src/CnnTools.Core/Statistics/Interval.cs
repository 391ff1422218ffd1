namespace CnnTools.Statistics;

/// <summary>A range that a figure lies in with some confidence.</summary>
public readonly record struct Interval(double Lower, double Upper)
{
    // The standard normal distribution's 97.5 % point.
    private const double Normal975 = 1.959963984540054;

    /// <summary>
    /// Wilson's score interval of a share, 95 %: of use near 0 and 1 and for small counts, where share ± 2 deviations is not.
    /// Wilson 1927.
    /// </summary>
    /// <param name="share">From 0 to 1.</param>
    /// <param name="count">What it is a share of, at least 1.</param>
    public static Interval Wilson(double share, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        double ratio = Normal975 * Normal975 / count;
        double middle = share + (ratio / 2);
        double half = Math.Sqrt((share * (1 - share) * ratio) + (ratio * ratio / 4));
        return new(Math.Max(0, (middle - half) / (1 + ratio)), Math.Min(1, (middle + half) / (1 + ratio)));
    }
}
