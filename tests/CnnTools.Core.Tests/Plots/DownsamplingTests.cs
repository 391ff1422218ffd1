using CnnTools.Plots;

namespace CnnTools.Tests.Plots;

public sealed class DownsamplingTests
{
    private static readonly CurvePoint[] Long =
        [.. Enumerable.Range(0, 20_000).Select(i => new CurvePoint(i, i == 12_345 ? 100 : Math.Sin(i / 900.0)))];

    [Fact]
    public void Groups_tell_mean_and_spread()
    {
        PointGroup[] groups = Downsampling.Group([new(0, 1), new(1, 3), new(2, 5), new(3, 6), new(4, 10)], 2);

        Assert.Equal([new(0.5, 2, 1, 3), new(3, 7, 5, 10)], groups);
    }

    [Fact]
    public void A_long_curve_keeps_every_point_in_some_group()
    {
        PointGroup[] groups = Downsampling.Group(Long, 400);

        Assert.Equal(400, groups.Length);
        Assert.Equal(Long.Average(p => p.Y), groups.Average(g => g.Mean), 1e-9);
        Assert.Equal(100, groups.Max(g => g.Maximum));
    }

    [Fact]
    public void Peaks_and_ends_stay()
    {
        IReadOnlyList<CurvePoint> kept = Downsampling.KeepPeaks(Long, 400);

        Assert.InRange(kept.Count, 400, 802);
        Assert.Equal((Long[0], Long[^1]), (kept[0], kept[^1]));
        Assert.Contains(new CurvePoint(12_345, 100), kept);
        Assert.Equal(kept.OrderBy(p => p.X), kept);
    }

    [Fact]
    public void Short_curves_stay_whole()
    {
        Assert.Same(Long, Downsampling.KeepPeaks(Long, 10_000));
        Assert.Single(Downsampling.Group([new(1, 2)], 400));
    }
}
