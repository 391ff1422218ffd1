using System.Globalization;
using System.Xml.Linq;
using CnnTools.Drawing;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Tests.Fuzzing;
using CnnTools.Zoo;

namespace CnnTools.Tests.Drawing;

public sealed class GraphDrawingTests
{
    private const string Hostile = "a\"];}<b>&amp;\\N\\\"]]>\n\0\u0001\uD800\u202E<script>";

    // What is no character of a text file is replaced, and ends of lines are spaces.
    private const string Cleaned = "a\"];}<b>&amp;\\N\\\"]]> \uFFFD\uFFFD\uFFFD\u202E<script>";

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static Graph HostileGraph => new GraphBuilder(new Shape(5)).Then(Hostile, new Linear(5)).Then("]]>", new Linear(2)).Build();

    [Fact]
    public void Svg_has_every_layer_and_every_connection()
    {
        Graph graph = Catalog.Get("ResNet18").Build(new Shape(3, 224, 224), 1000);

        XElement svg = XElement.Parse(GraphDrawing.Draw("mine", graph, DrawingFormat.Svg));

        string[] boxes = [.. svg.Elements(Svg + "g").Select(g => g.Element(Svg + "title")!.Value)];
        Assert.Equal(graph.Nodes.Length + 1, boxes.Length);
        Assert.Contains("conv1: Conv2d 7x7 / 2 \u2192 64x112x112", boxes);
        Assert.Equal(graph.Nodes.Sum(n => n.Inputs.Length), svg.Elements(Svg + "path").Count());
        Assert.Equal(8 * 2, svg.Elements(Svg + "path").Count(p => p.Attribute("marker-end")!.Value == "url(#to-Sum)"));
        Assert.Equal("mine: 11,689,512 parameters, 1.81 G multiply-adds, input 3x224x224", svg.Element(Svg + "title")!.Value);
        Assert.Contains("layer1.0", svg.Elements(Svg + "text").Select(t => t.Value));
    }

    [Fact]
    public void Arrows_touch_no_box_but_their_own()
    {
        // Between rows they bend, beside boxes they are vertical: each vertical part is looked at.
        XElement svg = XElement.Parse(GraphDrawing.Draw("all", AllLayers.Graph, DrawingFormat.Svg));
        (double Left, double Right, double Top, double Bottom)[] boxes =
        [
            .. from rect in svg.Elements(Svg + "g").Elements(Svg + "rect")
               let left = Number(rect, "x")
               let top = Number(rect, "y")
               select (left, left + Number(rect, "width"), top, top + Number(rect, "height")),
        ];

        int checkedParts = 0;
        foreach (XElement path in svg.Elements(Svg + "path"))
        {
            double x = 0;
            double y = 0;
            foreach (string part in path.Attribute("d")!.Value.Replace(" V", "|V").Replace(" C", "|C").Split('|'))
            {
                double[] numbers = [.. part[1..].Split(' ', ',').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
                double toY = numbers[^1];
                if (part[0] == 'V')
                {
                    checkedParts++;
                    Assert.DoesNotContain(boxes, b => x > b.Left && x < b.Right && y < b.Bottom && toY > b.Top);
                }

                (x, y) = (part[0] == 'V' ? x : numbers[^2], toY);
            }
        }

        Assert.True(checkedParts > 20);
    }

    [Fact]
    public void Hostile_names_stay_text_in_svg()
    {
        XElement svg = XElement.Parse(GraphDrawing.Draw(Hostile, HostileGraph, DrawingFormat.Svg));

        Assert.StartsWith(Cleaned + ": 42 parameters", svg.Element(Svg + "title")!.Value, StringComparison.Ordinal);
        Assert.Contains($"{Cleaned}: Linear \u2192 5", svg.Descendants(Svg + "title").Select(t => t.Value));
        Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName is "script" or "b");
    }

    [Fact]
    public void Hostile_names_stay_text_in_dot()
    {
        string[] lines = GraphDrawing.Draw("n", HostileGraph, DrawingFormat.Dot).Split('\n');

        const string escaped = "a\\\"];}<b>&amp;amp;\\\\N\\\\\\\"]]> \uFFFD\uFFFD\uFFFD\u202E<script>";
        Assert.Contains($"  n1 [label=\"{escaped}\\nLinear \u2192 5\", fillcolor=\"#ddd0f0\", color=\"#7452a6\"];", lines);
        Assert.Contains("  n1 -> n2;", lines);
    }

    [Fact]
    public void Long_names_are_shortened_to_the_eye_only()
    {
        string name = new('x', 100_000);
        XElement svg = XElement.Parse(
            GraphDrawing.Draw("n", new GraphBuilder(new Shape(5)).Then(name, new Linear(5)).Build(), DrawingFormat.Svg));

        Assert.Contains(svg.Descendants(Svg + "title"), t => t.Value.StartsWith(name, StringComparison.Ordinal));
        Assert.DoesNotContain(svg.Descendants(Svg + "text"), t => t.Value.Length > 100);
        Assert.True(Number(svg, "width") < 1000);
    }

    [Fact]
    public void Dot_has_clusters_and_colours()
    {
        string dot = GraphDrawing.Draw("net", Catalog.Get("SqueezeNet1_1").Build(new Shape(3, 224, 224), 10), DrawingFormat.Dot);

        Assert.Contains("subgraph cluster0 {", dot, StringComparison.Ordinal);
        Assert.Contains("label=\"features.3\"", dot, StringComparison.Ordinal);
        Assert.Equal(dot.Count(letter => letter == '{'), dot.Count(letter => letter == '}'));
        Assert.Equal(16, dot.Split(" [color=\"#13838a\", penwidth=1.6];").Length - 1); // two into each of eight concatenations
    }

    [Theory]
    [InlineData(DrawingFormat.Svg)]
    [InlineData(DrawingFormat.Dot)]
    public void The_same_network_gives_the_same_bytes_whatever_the_culture(DrawingFormat format)
    {
        string first = GraphDrawing.Draw("n", AllLayers.Graph, format);
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        try
        {
            Assert.Equal(first, GraphDrawing.Draw("n", AllLayers.Graph, format));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.DoesNotContain('\r', first);
    }

    [Fact]
    public void What_would_be_a_black_surface_is_refused_and_left_to_Graphviz()
    {
        GraphBuilder network = new(new Shape(1, 1, 1));
        List<string> earlier = [];
        for (int i = 0; i < 120; i++)
        {
            string[] read = [Graph.InputName, .. earlier];
            network.Add($"cat{i}", new Concat(), read).Then($"conv{i}", new Conv2d(1, 1));
            earlier.Add(network.Last);
        }

        Graph graph = network.Build();
        CnnException error = Assert.Throws<CnnException>(() => GraphDrawing.Draw("dense", graph, DrawingFormat.Svg));
        Assert.Equal("TooManyConnections", error.Id);
        Assert.Contains("-Format Dot", error.Remedy, StringComparison.Ordinal);
        Assert.Contains("n240", GraphDrawing.Draw("dense", graph, DrawingFormat.Dot), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("net.svg", DrawingFormat.Svg)]
    [InlineData("a.b/NET.SVG", DrawingFormat.Svg)]
    [InlineData("net.dot", DrawingFormat.Dot)]
    [InlineData("net.gv", DrawingFormat.Dot)]
    [InlineData("net.png", null)]
    [InlineData("svg", null)]
    public void The_extension_tells_the_format(string path, DrawingFormat? expected) =>
        Assert.Equal(expected, GraphDrawing.FormatOf(path));

    private static double Number(XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
