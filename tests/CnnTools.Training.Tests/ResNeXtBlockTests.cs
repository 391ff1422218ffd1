using System.Globalization;
using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Tests;

/// <summary>
/// The three blocks that "Aggregated Residual Transformations" (Xie et al. 2016, figure 3) calls equivalent: 32 paths that
/// are added (a), that are concatenated before the last convolution (b), and one grouped convolution (c). The weights of
/// (c), cut into the paths' shares, give the same outputs in the others.
/// </summary>
public sealed class ResNeXtBlockTests
{
    private const int Paths = 32;
    private const int Width = 4;
    private const int Channels = 256;
    private static readonly Shape Input = new(Channels, 6, 6);

    private static IBackend Backend => Fixtures.Backend;

    [Fact]
    public void Added_paths_concatenated_paths_and_a_grouped_convolution_are_equivalent()
    {
        Graph grouped = Grouped();
        RandomStream random = new(1, "ResNeXt");
        Dictionary<string, (long[] Sizes, float[] Values)> weights = grouped.Weights.ToDictionary(
            w => w.Name, w => (w.Spec.Sizes.ToArray(), Draw(random, w.Spec)));
        float[] expected = Run(grouped, (name, _) => weights[name].Values);

        foreach ((string block, Graph graph) in ((string, Graph)[])[("a", Added()), ("b", Concatenated())])
        {
            float[] actual = Run(graph, (name, spec) => Share(weights, name, spec));
            float tolerance = 1e-5f * expected.Max(Math.Abs);

            Assert.Equal(grouped.Parameters, graph.Parameters);
            Assert.Equal(expected.Length, actual.Length);
            Assert.True(expected.Zip(actual).All(pair => Math.Abs(pair.First - pair.Second) <= tolerance),
                $"({block}) gives other values than (c).");
        }
    }

    /// <summary>(a): each path has its own three convolutions.</summary>
    private static Graph Added()
    {
        GraphBuilder network = new(Input);
        string[] ends = [.. Enumerable.Range(0, Paths).Select(path =>
            Path(network, path).Then($"path{path}.conv3", new Conv2d(Channels, 1) { Bias = false }).Last)];
        return End(network.Add("sum", new Add(), ends));
    }

    /// <summary>(b): each path has its own first two.</summary>
    private static Graph Concatenated()
    {
        GraphBuilder network = new(Input);
        string[] ends = [.. Enumerable.Range(0, Paths).Select(path => Path(network, path).Last)];
        return End(network.Add("concat", new Concat(), ends).Then("conv3", new Conv2d(Channels, 1) { Bias = false }));
    }

    /// <summary>(c): what the zoo's ResNeXts consist of.</summary>
    private static Graph Grouped() => End(Narrow(new GraphBuilder(Input), "", Paths * Width, Paths)
        .Then("conv3", new Conv2d(Channels, 1) { Bias = false }));

    private static GraphBuilder Path(GraphBuilder network, int path) =>
        Narrow(network.From(Graph.InputName), $"path{path}.", Width, groups: 1);

    private static GraphBuilder Narrow(GraphBuilder network, string prefix, int width, int groups) => network
        .Then($"{prefix}conv1", new Conv2d(width, 1) { Bias = false })
        .Then($"{prefix}bn1", new BatchNorm2d())
        .Then($"{prefix}relu1", new Activate(Activation.ReLU))
        .Then($"{prefix}conv2", new Conv2d(width, 3) { Padding = 1, Groups = groups, Bias = false })
        .Then($"{prefix}bn2", new BatchNorm2d())
        .Then($"{prefix}relu2", new Activate(Activation.ReLU));

    private static Graph End(GraphBuilder network) => network
        .Then("bn3", new BatchNorm2d())
        .Add("add", new Add(), "bn3", Graph.InputName)
        .Then("relu3", new Activate(Activation.ReLU))
        .Build();

    /// <summary>A weight of (c), or a path's share of one: its filters, or of the last convolution its inputs.</summary>
    private static float[] Share(
        Dictionary<string, (long[] Sizes, float[] Values)> weights, string name, WeightSpec spec)
    {
        if (!name.StartsWith("path", StringComparison.Ordinal))
        {
            return weights[name].Values;
        }

        int dot = name.IndexOf('.', StringComparison.Ordinal);
        int path = int.Parse(name.AsSpan(4, dot - 4), CultureInfo.InvariantCulture);
        float[] whole = weights[name[(dot + 1)..]].Values;
        return name.EndsWith("conv3.weight", StringComparison.Ordinal)
            ? [.. whole.Chunk(Paths * Width).SelectMany(filter => filter.Skip(path * Width).Take(Width))]
            : whole.AsSpan(path * (int)spec.Count, (int)spec.Count).ToArray();
    }

    /// <summary>Variances are positive, the rest is normal; convolutions keep the size of what they read.</summary>
    private static float[] Draw(RandomStream random, WeightSpec spec)
    {
        double deviation = spec.Sizes.Length == 4 ? Math.Sqrt(2.0 * spec.Sizes[0] / spec.Count) : 1;
        return [.. Enumerable.Range(0, (int)spec.Count).Select(_ => spec.Name == "running_var"
            ? (float)random.NextDouble(0.5, 1.5)
            : (float)(deviation * random.NextNormal()))];
    }

    private static float[] Run(Graph graph, Func<string, WeightSpec, float[]> read)
    {
        RandomStream random = new(2, "images");
        using ModelWeights weights = ModelWeights.Create(Backend, graph, Device.Cpu, read);
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        long[] sizes = Input.WithBatch(2);
        float[] images = [.. Enumerable.Range(0, 2 * (int)Input.Count).Select(_ => (float)random.NextNormal())];
        Tensor output = new GraphExecutor(Backend, graph, weights)
            .Forward(Backend.FromFloats(images, sizes, Device.Cpu), PassMode.Evaluation);
        float[] values = new float[output.Count];
        Backend.Read(output, values);
        return values;
    }
}
