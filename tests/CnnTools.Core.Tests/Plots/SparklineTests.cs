using CnnTools.Plots;

namespace CnnTools.Tests.Plots;

public sealed class SparklineTests
{
    [Theory]
    [InlineData(new double[0], "", "")]
    [InlineData(new[] { 2.3 }, "█", "#")]
    [InlineData(new[] { 1.0, 1.0 }, "██", "##")]
    [InlineData(new[] { 2.0, double.NaN, 1.0, double.PositiveInfinity }, "█×▁×", "#x_x")]
    [InlineData(new[] { 8.0, 7, 6, 5, 4, 3, 2, 1 }, "█▇▆▅▄▃▂▁", "#*+=-,._")]
    public void Heights_go_by_value(double[] values, string blocks, string ascii)
    {
        Assert.Equal(blocks, Sparkline.Draw(values, unicode: true));
        Assert.Equal(ascii, Sparkline.Draw(values, unicode: false));
    }

    [Fact]
    public void Long_curves_fit_into_the_line()
    {
        string line = Sparkline.Draw([.. Enumerable.Range(0, 1000).Select(i => -(double)i)], unicode: false);

        Assert.Equal("#*+=-,._".First(), line[0]);
        Assert.Equal(Sparkline.MostCharacters, line.Length);
        Assert.Equal('_', line[^1]);
    }
}
