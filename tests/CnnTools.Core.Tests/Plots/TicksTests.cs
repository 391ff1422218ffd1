using CnnTools.Plots;

namespace CnnTools.Tests.Plots;

public sealed class TicksTests
{
    [Theory]
    [InlineData(0, 1, 6, "0 0.2 0.4 0.6 0.8 1")]
    [InlineData(0.03, 2.31, 6, "0 0.5 1 1.5 2 2.5")]
    [InlineData(-3, 14, 6, "-5 0 5 10 15")]
    [InlineData(0, 20000, 12, "0 2,000 4,000 6,000 8,000 10,000 12,000 14,000 16,000 18,000 20,000")]
    [InlineData(0.9712, 0.9731, 6, "0.971 0.9715 0.972 0.9725 0.973 0.9735")]
    [InlineData(5, 5, 6, "4.4 4.6 4.8 5 5.2 5.4 5.6")]
    [InlineData(0, 0, 6, "-1 -0.5 0 0.5 1")]
    [InlineData(1_234_567_000, 1_234_569_000, 6, "1.234567e+9 1.2345675e+9 1.234568e+9 1.2345685e+9 1.234569e+9")]
    [InlineData(0, 3e-8, 6, "0 5e-9 1e-8 1.5e-8 2e-8 2.5e-8 3e-8")]
    public void Steps_are_round_and_hold_the_values(double minimum, double maximum, int most, string expected) =>
        Assert.Equal(expected, string.Join(' ', Ticks.Format(Ticks.Linear(minimum, maximum, most))));

    [Theory]
    [InlineData(1, 3, "1 2 3")]
    [InlineData(1, 1, "0 1 2")]
    public void Epochs_are_whole(double first, double last, string expected) =>
        Assert.Equal(expected, string.Join(' ', Ticks.Format(Ticks.Linear(first, last, 12, leastStep: 1))));

    [Theory]
    [InlineData(0.1, 2, "0.1 0.2 0.5 1 2")]
    [InlineData(0.12, 2.3, "0.1 0.2 0.5 1 2 5")]
    [InlineData(1e-4, 1e-2, "0.0001 0.0002 0.0005 0.001 0.002 0.005 0.01")]
    [InlineData(0.0003, 40, "0.0001 0.001 0.01 0.1 1 10 100")]
    [InlineData(1, 1, "0.5 1 2")]
    [InlineData(1e-9, 0.5, "1e-9 1e-7 1e-5 1e-3 1e-1 1e+1")]
    public void A_logarithmic_axis_has_powers_of_ten(double minimum, double maximum, string expected) =>
        Assert.Equal(expected, string.Join(' ', Ticks.Format(Ticks.Logarithmic(minimum, maximum))));

    [Theory]
    [InlineData(1e-300, 1e300)]
    [InlineData(-1e300, 1e300)]
    [InlineData(1e15, 1.000000000000001e15)]
    [InlineData(1e-300, 2e-300)]
    public void Extreme_values_have_axes_too(double minimum, double maximum)
    {
        double[] ticks = Ticks.Linear(minimum, maximum, 6);

        Assert.InRange(ticks.Length, 2, 9);
        Assert.True(ticks[0] <= minimum && ticks[^1] >= maximum);
        Assert.Equal(ticks.Length, Ticks.Format(ticks).Length);
        if (minimum > 0)
        {
            double[] powers = Ticks.Logarithmic(minimum, maximum);
            Assert.InRange(powers.Length, 2, 12);
            Assert.True(powers[0] <= minimum && powers[^1] >= maximum, $"{powers[0]} to {powers[^1]}");
        }
    }

    [Fact]
    public void Values_lie_between_their_ticks()
    {
        Scale linear = new([0, 50, 100], 10, 210);
        Scale logarithmic = new([1, 10, 100], 210, 10, logarithmic: true);

        Assert.Equal([10, 110, 210], linear.Ticks.Select(tick => tick.Place));
        Assert.Equal(60, linear.Of(25), 1e-9);
        Assert.Equal(110, logarithmic.Of(10), 1e-9);
        Assert.Equal(160, logarithmic.Of(Math.Sqrt(10)), 1e-9);
    }
}
