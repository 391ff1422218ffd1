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
        CurvePoint[] kept = Downsampling.KeepPeaks(Long, 400);

        Assert.InRange(kept.Length, 400, 802);
        Assert.Equal((Long[0], Long[^1]), (kept[0], kept[^1]));
        Assert.Contains(new CurvePoint(12_345, 100), kept);
        Assert.Equal(kept.OrderBy(p => p.X), kept);
    }

    [Fact]
    public void Figures_and_NaN_come_in_stretches_of_their_own()
    {
        double[] figures = [double.NaN, 1, 2, double.NaN, double.NaN, 3];

        Assert.Equal([[double.NaN], [1, 2], [double.NaN, double.NaN], [3]], Downsampling.Stretches(figures, figure => figure).Select(s => s.ToArray()));
        Assert.Empty(Downsampling.Stretches(Array.Empty<double>(), figure => figure));
    }

    [Fact]
    public void NaN_outlasts_what_makes_a_curve_short()
    {
        CurvePoint[] broken = Array.ConvertAll(Long, point => point.X == 777 ? point with { Y = double.NaN } : point);

        Assert.Contains(new CurvePoint(777, double.NaN), Downsampling.KeepPeaks(broken, 400));
        Assert.True(double.IsNaN(Assert.Single(Downsampling.Group(broken, 400), group => group.X is > 752 and < 800).Mean));
        Assert.Single(Downsampling.Group(broken, 400), group => double.IsNaN(group.Mean));
    }

    [Fact]
    public void Short_curves_stay_whole()
    {
        Assert.Equal(Long, Downsampling.KeepPeaks(Long, 10_000));
        Assert.Single(Downsampling.Group([new(1, 2)], 400));
    }
}
