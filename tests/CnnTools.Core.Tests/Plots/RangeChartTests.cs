using System.Globalization;
using System.Xml.Linq;
using CnnTools.Plots;
using CnnTools.Training;

namespace CnnTools.Tests.Plots;

public sealed class RangeChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Equal_factors_are_equal_distances_and_the_suggestion_lies_on_its_step()
    {
        XElement svg = XElement.Parse(Plot.Draw(Of(2, 1.5, 1, 3)));
        double[][] points = PointsOf(svg, "smoothed");

        Assert.Equal(points[1][0] - points[0][0], points[2][0] - points[1][0], 0.02);
        Assert.True(points[2][1] > points[1][1] && points[1][1] > points[0][1], "A lower loss lies lower.");
        XElement mark = Group(svg, "suggestion 1e-3").Element(Svg + "circle")!;
        Assert.Equal((points[1][0], points[1][1]), (Number(mark.Attribute("cx")!.Value), Number(mark.Attribute("cy")!.Value)));
        string[] words = [.. svg.Elements(Svg + "text").Select(text => text.Value)];
        Assert.All(["Net on Pets: range test", "0.0001", "0.1", "suggestion 1e-3"], word => Assert.Contains(word, words));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Losses_far_above_the_smoothed_one_stay_in_the_picture(bool logarithmic)
    {
        LearningRateRange range = Of(2, 1.5, 1, 3);
        range = range with { Steps = range.Steps.SetItem(3, range.Steps[3] with { Loss = 1e6 }) };
        XElement svg = XElement.Parse(Plot.Draw(range, "title", logarithmic));

        double[] heights = [.. PointsOf(svg, "loss of each step").Select(point => point[1])];
        double top = Number(svg.Elements(Svg + "rect").Last().Attribute("y")!.Value);
        Assert.All(heights, height => Assert.True(height >= top));
        Assert.InRange(PointsOf(svg, "smoothed")[0][1] - PointsOf(svg, "smoothed")[3][1], 40, 320);
    }

    [Fact]
    public void One_step_is_a_picture_and_none_is_an_error()
    {
        Assert.Equal("Net on Pets: range test", XElement.Parse(Plot.Draw(Of(2, 2))).Element(Svg + "title")!.Value);
        Assert.Equal("NothingToPlot", Assert.Throws<CnnException>(() => Plot.Draw(Of(1) with { Steps = [] })).Id);
        Assert.Equal("NothingToPlot", Assert.Throws<CnnException>(() => Plot.Draw(Of(2, 0), logarithmic: true)).Id);
    }

    /// <summary>Rates from 1e-4 by factors of ten; 1e-3 is suggested.</summary>
    private static LearningRateRange Of(params double[] losses) => new()
    {
        Model = "Net",
        Dataset = "Pets",
        LearningRate = 1e-3,
        Steps = [.. losses.Select((loss, i) => new LearningRateStep(i + 1, i == 1 ? 1e-3 : 1e-4 * Math.Pow(10, i), loss, loss))],
    };

    private static XElement Group(XElement svg, string title) =>
        svg.Elements(Svg + "g").Single(group => group.Element(Svg + "title")!.Value == title);

    private static double[][] PointsOf(XElement svg, string title) =>
    [
        .. Group(svg, title).Element(Svg + "path")!.Attribute("d")!.Value[1..].Split(" L")
            .Select(point => Array.ConvertAll(point.Split(','), Number)),
    ];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
