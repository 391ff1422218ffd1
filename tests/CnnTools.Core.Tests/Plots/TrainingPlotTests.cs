using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;
using CnnTools.Plots;
using CnnTools.Tests.Data;

namespace CnnTools.Tests.Plots;

public sealed class TrainingPlotTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Losses_and_accuracies_have_a_panel_each()
    {
        TrainingPlot plot = Plot(Epoch("a", 1, 1.5, 0.5), Epoch("a", 2, 0.7, 0.8), Epoch("a", 3, 0.4, 0.9));

        XElement svg = Draw(plot);

        Assert.Equal(["Loss, training", "Accuracy, test"], svg.Elements(Svg + "text").Select(t => t.Value).Where(t => t.Contains(", ", StringComparison.Ordinal)));
        Assert.Equal("LeNet5 on MNIST", svg.Element(Svg + "title")!.Value);
        Assert.Equal(6, svg.Descendants(Svg + "circle").Count());
    }

    [Fact]
    public void Runs_are_told_apart_and_named()
    {
        TrainingPlot plot = Plot(
            Epoch("a", 1, 1.5, 0.5), Epoch("b", 1, 1.4, 0.5), Epoch("a", 2, 0.7, 0.8), Epoch("b", 2, 0.6, 0.8),
            Epoch("a", 1, 1.5, 0.5));

        // The last one begins again.
        Assert.Equal(["a", "b", "a (2)"], plot.RunNames.AsEnumerable());
        Curve[] curves = [.. plot.Gather(PlotAxis.Step, [PlotMeasure.TrainLoss], logarithmic: false).SelectMany(p => p.Curves)];
        Assert.Equal([2, 2, 1], curves.Select(c => c.Points.Count));
        Assert.Equal([new(100, 1.4), new(200, 0.6)], curves[1].Points);
        Assert.Equal(["a", "b", "a (2)"], Draw(plot).Elements(Svg + "text").Select(t => t.Value).Where(plot.RunNames.Contains));
    }

    [Fact]
    public void Steps_find_their_place_on_each_axis()
    {
        TrainingPlot plot = Plot(Step("a", 1, 50, 50, 2), Step("a", 2, 50, 150, 1), Epoch("a", 1, 1.5, 0.5), Epoch("a", 2, 0.7, 0.8));

        Assert.Equal(["a"], plot.RunNames.AsEnumerable());
        Assert.Equal(PlotAxis.Step, plot.DefaultAxis);
        Assert.Equal([50, 150], Places(PlotAxis.Step));
        Assert.Equal([0.5, 1.5], Places(PlotAxis.Epoch));
        Assert.Equal([5, 15], Places(PlotAxis.Seconds));

        double[] Places(PlotAxis axis) =>
            [.. plot.Gather(axis, null, logarithmic: false).First().Curves.First(c => c.Kind == CurveKind.Steps).Points.Select(p => p.X)];
    }

    [Fact]
    public void Steps_alone_tell_their_epochs_but_no_time()
    {
        TrainingPlot plot = Plot(Step("a", 1, 50, 50, 2), Step("a", 2, 50, 150, 1));

        Assert.Equal([0.5, 1.5], plot.Gather(PlotAxis.Epoch, null, logarithmic: false).First().Curves.Single().Points.Select(p => p.X));
        Assert.Equal("IncompatibleArguments", Assert.Throws<CnnException>(() => plot.Draw(null, PlotAxis.Seconds, null, logarithmic: false)).Id);
    }

    [Fact]
    public void Long_runs_stay_small_and_within_the_frame()
    {
        TrainingPlot plot = Plot([.. Enumerable.Range(1, 20_000).Select(i => Step("a", 1 + (i / 1000), (i % 1000) + 1, i, 1 + Math.Sin(i)))]);

        string text = plot.Draw(null, null, null, logarithmic: false);

        Assert.True(text.Length < 40_000, $"{text.Length} letters");
        string[] pairs = [.. XElement.Parse(text).Descendants(Svg + "g").Descendants(Svg + "path").SelectMany(p => p.Attribute("d")!.Value.Split('M', 'L', ' ', 'Z')).Where(p => p.Contains(',', StringComparison.Ordinal))];
        Assert.Equal(3 * 400, pairs.Length);
        Assert.All(pairs, pair => Assert.InRange(double.Parse(pair.Split(',')[0], CultureInfo.InvariantCulture), 0, 876));
    }

    [Fact]
    public void Many_steps_are_placed_in_one_walk()
    {
        PlotRow[] epochs = [.. Enumerable.Range(1, 1_000).Select(i => Epoch("a", i, 1, 0.5))];
        PlotRow[] steps = [.. Enumerable.Range(1, 100_000).Select(i => Step("a", 1, i, i, 1))];
        Stopwatch watch = Stopwatch.StartNew();

        Assert.Equal(10_000, LastPlace(Plot([.. epochs, .. steps]), PlotAxis.Seconds), 1e-6);
        Assert.Equal(1, LastPlace(Plot(steps), PlotAxis.Epoch), 1e-6);

        // A walk for each step would take minutes.
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);

        static double LastPlace(TrainingPlot plot, PlotAxis axis) =>
            plot.Gather(axis, null, logarithmic: false).First().Curves.First(c => c.Kind == CurveKind.Steps).Points[^1].X;
    }

    [Fact]
    public void A_loss_that_is_no_number_leaves_a_gap_and_a_mark()
    {
        XElement svg = Draw(Plot(
            Epoch("a", 1, 3, 0.1), Epoch("a", 2, 2, 0.1), Epoch("a", 3, double.NaN, 0.1), Epoch("a", 4, double.PositiveInfinity, 0.1),
            Epoch("a", 5, 1, 0.1)));
        XElement[] loss = [.. svg.Elements(Svg + "g").First().Elements()];

        // A line of two, their points, the mark and its dots as wide as an epoch, and a point alone.
        Assert.Equal(["title", "path", "circle", "circle", "path", "path", "circle"], loss.Select(e => e.Name.LocalName));
        Assert.Equal(1, loss[1].Attribute("d")!.Value.Count(letter => letter == 'L'));
        double[] places = [Number(loss[3], "cx"), Number(loss[6], "cx")];
        Assert.Equal(places[0] + ((places[1] - places[0]) * 2 / 3), double.Parse(loss[5].Attribute("d")!.Value.Split('H')[1], CultureInfo.InvariantCulture), 0.02);
        Assert.Contains("no number", svg.Elements(Svg + "text").Select(t => t.Value));
    }

    [Fact]
    public void A_long_curve_has_no_points_but_what_stands_alone()
    {
        XElement svg = Draw(Plot([.. Enumerable.Range(1, 100).Select(i => Epoch("a", i, i is 50 or 52 ? double.NaN : 1, 0.5))]));

        string[] elements = [.. svg.Elements(Svg + "g").First().Elements().Select(e => e.Name.LocalName)];
        Assert.Equal(["title", "path", "path", "path", "circle", "path", "path", "path"], elements);
    }

    [Fact]
    public void Losses_that_were_never_a_number_have_their_panel_all_the_same()
    {
        XElement svg = Draw(Plot(Epoch("a", 1, double.NaN, 0.1), Epoch("a", 2, double.NaN, 0.1)));

        Assert.Contains("Loss, training", svg.Elements(Svg + "text").Select(t => t.Value));
        Assert.DoesNotContain("NaN", svg.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_alone_is_seen() =>
        Assert.Equal(2, Draw(Plot(Step("a", 1, 1, 1, 1), Step("a", 1, 2, 2, double.NaN), Step("a", 1, 3, 3, 1))).Descendants(Svg + "circle").Count());

    [Fact]
    public void One_epoch_is_compared_from_zero()
    {
        XElement svg = Draw(Plot(Epoch("a", 1, 2.3, 0.05)));

        string[] words = [.. svg.Elements(Svg + "text").Select(t => t.Value)];
        Assert.Equal(2, words.Count(word => word == "0"));
        Assert.Equal(4, words.Count(word => word == "1"));
        Assert.DoesNotContain("2", words.Skip(words.IndexOf("Accuracy, test")));
    }

    [Fact]
    public void Long_names_keep_what_tells_them_apart()
    {
        string[] names = [.. Enumerable.Range(1, 12).Select(i => $"resnet18-on-cifar10-with-cosine-schedule-rate-{i}e-3-and-weight-decay-5e-4")];
        XElement svg = Draw(Plot([.. names.Select(name => Epoch(name, 1, 1, 0.5))]));

        XElement[] shown = [.. svg.Elements(Svg + "text").Where(t => t.Value.Contains("e-3", StringComparison.Ordinal))];
        Assert.Equal(names.Select((_, i) => $"\u2026rate-{i + 1}e-3-\u2026"), shown.Select(t => t.Value));
        Assert.InRange(shown.Select(t => t.Attribute("x")!.Value).Distinct().Count(), 3, 12);
        Assert.True(Number(svg.Elements(Svg + "text").First(t => t.Value == "training"), "y") > shown.Max(t => Number(t, "y")));
    }

    [Theory]
    [InlineData(" {0}")]
    [InlineData("-{0}-and-the-rest-of-what-is-the-same-for-all")]
    [InlineData("{0}")]
    public void Labels_do_not_overlap(string end)
    {
        XElement svg = Draw(Plot([.. Enumerable.Range(1, 40).Select(i => Epoch(
            "a run with a name of some length" + string.Format(CultureInfo.InvariantCulture, end, i % 17), 1000 + i, 1e-7 * i, 0.5))]));
        (double Left, double Right, double Y)[] labels =
        [
            .. from text in svg.Elements(Svg + "text")
               let width = PlotStyle.WidthOf(text.Value, Number(text, "font-size"))
               let anchor = text.Attribute("text-anchor")?.Value
               let left = Number(text, "x") - (anchor == "middle" ? width / 2 : anchor == "end" ? width : 0)
               select (left, left + width, Number(text, "y")),
        ];

        Assert.True(labels.Length > 30);
        Assert.All(labels, label => Assert.InRange(label.Left, 0, 900 - (label.Right - label.Left)));
        Assert.All(labels, label => Assert.DoesNotContain(labels, other =>
            other != label && Math.Abs(other.Y - label.Y) < 10 && other.Left < label.Right && label.Left < other.Right));
    }

    [Fact]
    public void A_logarithmic_scale_leaves_out_what_it_cannot_hold()
    {
        TrainingPlot plot = Plot(Epoch("a", 1, 0, 0), Epoch("a", 2, 1, 0.5));

        IReadOnlyList<CurvePanel> panels = [.. plot.Gather(PlotAxis.Epoch, null, logarithmic: true)];

        Assert.Equal([1, 2], panels.Take(2).Select(panel => panel.Curves.Single().Points.Count));
        Assert.Equal("NothingToPlot", Assert.Throws<CnnException>(() =>
            Plot(Epoch("a", 1, 0, 0)).Draw(null, null, [PlotMeasure.TrainLoss], logarithmic: true)).Id);
    }

    [Fact]
    public void Names_stay_text_and_the_same_rows_give_the_same_file()
    {
        const string hostile = "<script>&\"\u0001";
        string Once() => Plot(Epoch(hostile, 1, 1, 0.5), Epoch("b", 1, 2, 0.5)).Draw("<b>", null, null, logarithmic: false);

        XElement svg = XElement.Parse(Once());

        Assert.Equal("<b>", svg.Element(Svg + "title")!.Value);
        Assert.Contains("<script>&\"\uFFFD", svg.Elements(Svg + "text").Select(t => t.Value));
        Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName is "script" or "b");
        Assert.Equal(Once(), Once());
    }

    [Theory]
    [InlineData("TrainLoss", "0,5", "CellNotANumber")]
    [InlineData("TrainLoss", "", null)]
    [InlineData("TrainLoss", "NaN", null)]
    [InlineData("Step", "", "CellNotANumber")]
    [InlineData("Epoch", "", "CellNotANumber")]
    [InlineData("LearningRate", "x", "CellNotANumber")]
    public void Cells_are_read_invariantly(string column, string cell, string? error)
    {
        Dictionary<string, object?> cells = new() { ["Run"] = "a", ["Epoch"] = "1", ["Step"] = "10", ["TestLoss"] = "0.25", [column] = cell };
        void Draw() => Plot(PlotRow.Of(cells)).Draw(null, PlotAxis.Step, null, logarithmic: false);

        if (error is null)
        {
            Draw();
        }
        else
        {
            Assert.Equal(error, Assert.Throws<CnnException>(Draw).Id);
        }
    }

    [Fact]
    public void Other_rows_are_refused()
    {
        Assert.Equal("A row is not of a training's log: its columns are Name.", Failure("NoLogRow", new() { ["Name"] = "x" }));
        Assert.Equal("A row is not of a training's log: it has no columns.", Failure("NoLogRow", []));
        Failure("CellNotANumber", new() { ["Epoch"] = 1, ["Step"] = new DateTime(2020, 1, 1) });
        Failure("CellNotANumber", new() { ["Epoch"] = true, ["Step"] = 1 });
        Failure("CellNotANumber", new() { ["Epoch"] = 1, ["Step"] = 1, ["Batch"] = null });

        static string Failure(string id, Dictionary<string, object?> cells)
        {
            CnnException error = Assert.Throws<CnnException>(() => PlotRow.Of(cells));
            Assert.Equal(id, error.Id);
            return error.Message;
        }
    }

    [Fact]
    public void A_log_is_added_wholly_or_not_at_all()
    {
        using TemporaryFolder folder = new();
        string good = folder.Write("good.csv", [.. "Epoch,Step,TrainLoss\n1,10,2\n"u8]);
        string bad = folder.Write("bad.csv", [.. "Epoch,Step,TrainLoss\n1,10,2\n2,20,x\n"u8]);
        string other = folder.Write("other.csv", [.. "Name\nx\n"u8]);
        string empty = folder.Write("empty.csv", [.. "Epoch,Step,TrainLoss\n"u8]);
        TrainingPlot plot = new();

        Assert.Equal($"Row 2 of '{bad}' has a TrainLoss that is no number: 'x'.", Failure(bad));
        Assert.Equal($"Row 1 of '{other}' is not of a training's log: its columns are Name.", Failure(other));
        Assert.Equal($"'{empty}' has no rows yet.", Failure(empty));
        Failure(good, bad);
        Assert.True(plot.IsEmpty);
        plot.AddLogs(good);
        Assert.Equal(["good"], plot.RunNames.AsEnumerable());

        string Failure(params string[] logs) => Assert.Throws<CnnException>(() => plot.AddLogs(logs)).Message;
    }

    private static TrainingPlot Plot(params PlotRow[] rows)
    {
        TrainingPlot plot = new();
        foreach (PlotRow row in rows)
        {
            plot.Add(row);
        }

        return plot;
    }

    /// <summary>Epochs of 100 steps and 10 seconds.</summary>
    private static PlotRow Epoch(string run, int epoch, double loss, double accuracy) => PlotRow.Of(new Dictionary<string, object?>
    {
        ["Run"] = run, ["Model"] = "LeNet5", ["Dataset"] = "MNIST", ["Epoch"] = epoch, ["Step"] = 100L * epoch,
        ["TrainLoss"] = loss, ["TestAccuracy"] = accuracy, ["TestLoss"] = null, ["Seconds"] = 10.0,
    });

    private static PlotRow Step(string run, int epoch, int batch, long step, double loss) => PlotRow.Of(new Dictionary<string, object?>
    {
        ["Run"] = run, ["Epoch"] = epoch, ["Batch"] = batch, ["Step"] = step, ["Loss"] = loss,
    });

    private static XElement Draw(TrainingPlot plot) => XElement.Parse(plot.Draw(null, null, null, logarithmic: false));

    private static double Number(XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
