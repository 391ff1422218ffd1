using System.Collections.Immutable;
using CnnTools.Graphs;

namespace CnnTools.Tests.Graphs;

/// <summary>Mean, deviation and bounds of what each initializer draws for a 40x30x3x3 weight.</summary>
public sealed class InitializerTests
{
    private static readonly ImmutableArray<long> Sizes = [40, 30, 3, 3];

    public static TheoryData<Initializer, double, double> Cases => new()
    {
        { new Initializer.Constant(0.3), 0, 0.3 },
        { new Initializer.Uniform(0.6), 0.6 / Math.Sqrt(3), 0.6 },
        { new Initializer.Normal(0.02), 0.02, double.PositiveInfinity },
        { new Initializer.TruncatedNormal(0.1), 0.1, 2 },
        { new Initializer.TruncatedNormal(1, 1), 0.5396, 1 },
        { new Initializer.KaimingNormal(Fan.In), Math.Sqrt(2.0 / 270), double.PositiveInfinity },
        { new Initializer.KaimingNormal(Fan.Out), Math.Sqrt(2.0 / 360), double.PositiveInfinity },
        { new Initializer.KaimingUniform(Fan.In), Math.Sqrt(2.0 / 270), Math.Sqrt(6.0 / 270) },
        { new Initializer.XavierNormal(), Math.Sqrt(2.0 / 630), double.PositiveInfinity },
        { new Initializer.XavierUniform(), Math.Sqrt(2.0 / 630), Math.Sqrt(6.0 / 630) },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_have_the_deviation_and_keep_the_bound(Initializer initializer, double deviation, double bound)
    {
        float[] values = new float[40 * 270];
        initializer.Fill(values, Sizes, new RandomStream(1, "test"));
        double mean = values.Average(v => (double)v);
        double measured = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));

        // Five standard errors; a constant has none.
        Assert.Equal(initializer is Initializer.Constant ? 0.3 : 0, mean, (5 * deviation / Math.Sqrt(values.Length)) + 1e-7);
        Assert.Equal(deviation, measured, (5 * deviation / Math.Sqrt(2.0 * values.Length)) + 1e-7);
        Assert.All(values, v => Assert.InRange(v, -bound - 1e-6, bound + 1e-6));
    }
}
