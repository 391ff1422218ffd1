using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using FsCheck;
using FsCheck.Fluent;

namespace CnnTools.Tests;

/// <summary>The pixels that have a gradient are those that the formula names.</summary>
public sealed class ReceptiveFieldPropertyTests
{
    private const int Side = 48;

    private static readonly IBackend Backend = Fixtures.Backend;

    private static readonly Gen<Layer> AnyLayer = Gen.OneOf(
        from kernel in AnyPair(1, 4)
        from stride in AnyPair(1, 2)
        from padding in AnyPair(0, 3)
        from dilation in AnyPair(1, 2)
        select (Layer)new Conv2d(1, kernel) { Stride = stride, Padding = padding, Dilation = dilation },
        from kernel in AnyPair(2, 3)
        from stride in AnyPair(1, 3)
        from ceil in Gen.Elements(true, false)
        select (Layer)new AvgPool2d(kernel) { Stride = stride, Padding = new Pair(kernel.Vertical / 2, 0), CeilMode = ceil },
        from top in Gen.Choose(0, 2)
        from left in Gen.Choose(0, 2)
        select (Layer)new Pad2d(new Padding(top, 1, left, 0)),
        Gen.Constant<Layer>(new Affine(2)));

    [Fact]
    public void Of_stacks() => Check(
        from layers in Gen.Choose(1, 4).SelectMany(count => AnyLayer.ArrayOf(count))
        select Try(() => layers.Aggregate(
            new GraphBuilder(new Shape(1, Side, Side)), (network, layer) => network.Then(NameOf(network), layer))));

    [Fact]
    public void Of_branches_that_join() => Check(
        from first in AnyLayer
        from left in Gen.Choose(0, 3)
        from right in Gen.Choose(0, 3)
        from behind in AnyLayer
        select Try(() => new GraphBuilder(new Shape(1, Side, Side))
            .Then("fork", first)
            .Then("left", new Conv2d(1, (2 * left) + 1) { Padding = left, Stride = 2 })
            .From("fork").Then("right", new Conv2d(1, new Pair((2 * right) + 1, 1)) { Padding = new Pair(right, 0), Stride = 2 })
            .Add("join", new Add(), "left", "right")
            .Then("behind", behind)));

    [Theory]
    [InlineData(7)]
    [InlineData(5)]
    [InlineData(1)]
    public void Of_windows_of_uneven_size_no_pixel_more(int size)
    {
        Graph graph = new GraphBuilder(new Shape(1, Side, Side))
            .Then("conv", new Conv2d(1, 3) { Stride = 2 }).Then("pool", new AdaptiveAvgPool2d(size)).Build();
        Reach reach = ReceptiveFields.Of(graph)["pool"].Rows;

        int[] seen = [.. Enumerable.Range(0, size).Select(position => Seen(graph, position, 0).Rows)
            .Select(rows => rows.Last - rows.First + 1)];

        Assert.Equal(reach.Size, seen.Max());
    }

    private static void Check(Gen<Graph?> networks) =>
        Prop.ForAll(networks.Where(graph => graph is not null).ToArbitrary(), network =>
        {
            Graph graph = network!;
            ReceptiveField field = ReceptiveFields.Of(graph)[graph.Output];
            int row = graph.OutputShape.Height / 2;
            int column = graph.OutputShape.Width / 2;
            ((int, int) rows, (int, int) columns) = Seen(graph, row, column);
            Assert.Equal(field.Rows.At(row), rows);
            Assert.Equal(field.Columns.At(column), columns);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(1, 3));

    /// <summary>The network, if it can be and is large enough behind every layer that the pixel in the middle has a whole window.</summary>
    private static Graph? Try(Func<GraphBuilder> write)
    {
        try
        {
            Graph graph = write().Build();
            return graph.Nodes.All(n => graph.ShapeOf(n.Name) is { Height: > 6, Width: > 6 }) ? graph : null;
        }
        catch (CnnException)
        {
            return null;
        }
    }

    /// <summary>The first and the last row and column whose pixels have a gradient, all weights being 1.</summary>
    private static ((int First, int Last) Rows, (int First, int Last) Columns) Seen(Graph graph, int row, int column)
    {
        using ModelWeights weights = ModelWeights.Create(
            Backend, graph, Device.Cpu, (_, spec) => [.. Enumerable.Repeat(1f, (int)spec.Count)]);
        using (Backend.BeginScope(recordGradients: true))
        {
            Tensor image = Backend.Zeros([1, 1, Side, Side], Device.Cpu);
            Backend.RequireGradient(image, true);
            Tensor output = new GraphExecutor(Backend, graph, weights).Forward(image, PassMode.Evaluation);
            float[] chosen = new float[output.Count];
            chosen[(row * graph.OutputShape.Width) + column] = 1;
            Tensor value = Backend.Multiply(output, Backend.FromFloats(chosen, [.. output.Sizes], Device.Cpu));
            Backend.Backward(Backend.Linear(Backend.Flatten(value), Ones(output.Count), null));
            float[] gradients = new float[Side * Side];
            Backend.Read(Backend.GetGradient(image)!, gradients);
            int[] pixels = [.. Enumerable.Range(0, gradients.Length).Where(i => gradients[i] != 0)];
            return ((pixels.Min(p => p / Side), pixels.Max(p => p / Side)), (pixels.Min(p => p % Side), pixels.Max(p => p % Side)));
        }
    }

    private static Tensor Ones(long count) =>
        Backend.FromFloats([.. Enumerable.Repeat(1f, (int)count)], [1, count], Device.Cpu);

    private static Gen<Pair> AnyPair(int least, int most) =>
        from vertical in Gen.Choose(least, most)
        from horizontal in Gen.Choose(least, most)
        select new Pair(vertical, horizontal);

    private static string NameOf(GraphBuilder network) => network.Last + "'";
}
