using System.Xml.Linq;
using CnnTools.Plots;
using CnnTools.Training;

namespace CnnTools.Tests.Plots;

public sealed class ConfusionChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Each_count_has_a_square_and_a_number()
    {
        XElement svg = XElement.Parse(Plot.Draw(Of([[90, 10], [0, 50]], "cat", "<dog>&")));

        Assert.Equal(["cat taken for cat: 90", "cat taken for <dog>&: 10", "<dog>& taken for <dog>&: 50"],
            svg.Descendants(Svg + "g").Select(g => g.Element(Svg + "title")!.Value));
        Assert.Equal(["90", "10", "50"], svg.Descendants(Svg + "g").Select(g => g.Element(Svg + "text")!.Value));
        Assert.Equal("#1f5fa8", svg.Descendants(Svg + "g").Last().Element(Svg + "rect")!.Attribute("fill")!.Value);
        Assert.Equal("Net on Pets, test split: accuracy 0.9333", svg.Element(Svg + "title")!.Value);
        Assert.Equal(2, svg.Elements(Svg + "text").Count(t => t.Value == "<dog>&"));
    }

    [Fact]
    public void Many_classes_have_names_without_numbers_and_very_many_neither()
    {
        Assert.Equal((176, 2 * 176), Texts(176));
        Assert.Equal((1000, 0), Texts(1000));

        static (int Squares, int Names) Texts(int classes)
        {
            int[][] counts = [.. Enumerable.Range(0, classes).Select(row => Enumerable.Range(0, classes).Select(c => c == row ? 7 : 0).ToArray())];
            XElement svg = XElement.Parse(Plot.Draw(Of(counts, [.. Enumerable.Range(0, classes).Select(c => $"class {c}")])));
            return (svg.Descendants(Svg + "g").Count(), svg.Descendants(Svg + "text").Count(t => t.Value.StartsWith("class ", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void Long_names_of_classes_stay_apart()
    {
        string[] names = [.. Enumerable.Range(0, 3).Select(i => $"a class of the network with number {i} and some more words")];
        XElement svg = XElement.Parse(Plot.Draw(Of([[1, 0, 0], [0, 1, 0], [0, 0, 1]], names)));

        Assert.Equal(["\u2026number 0 \u2026", "\u2026number 1 \u2026", "\u2026number 2 \u2026"],
            svg.Elements(Svg + "text").Select(t => t.Value).Where(t => t.Contains('\u2026', StringComparison.Ordinal)).Distinct());
        Assert.StartsWith($"{names[0]} taken for {names[0]}", svg.Descendants(Svg + "g").First().Element(Svg + "title")!.Value, StringComparison.Ordinal);
    }

    private static Evaluation Of(int[][] counts, params string[] names) => new()
    {
        Model = "Net", Dataset = "Pets", Split = "Test", Images = counts.Sum(row => row.Sum()), Loss = 1, Top5Accuracy = 1, Seconds = 1, CalibrationError = 0, Worst = [],
        Accuracy = counts.Select((row, i) => (double)row[i]).Sum() / counts.Sum(row => row.Sum()),
        Classes = [.. names.Select(name => new ClassFigures(name, 1, null, null, null))],
        ConfusionMatrix = [.. counts.Select(row => System.Collections.Immutable.ImmutableArray.Create(row))],
    };
}
