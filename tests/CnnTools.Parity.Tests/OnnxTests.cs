using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Tests.Fuzzing;
using CnnTools.Training;
using CnnTools.Weights;
using CnnTools.Zoo;

namespace CnnTools.Tests;

/// <summary>ONNX Runtime gives our outputs from our ONNX files.</summary>
public sealed class OnnxTests
{
    private const int Images = 2;
    private static readonly Shape Image = new(4, 7, 9);

    /// <summary>The smallest network of each family.</summary>
    public static TheoryData<string> Networks =>
        [.. Catalog.All.GroupBy(a => a.Family).Select(family => family.MinBy(a => a.Parameters)!.Name)];

    [OnnxRuntimeTheory]
    [MemberData(nameof(Networks))]
    public void A_network_of_every_family(string network) =>
        Compare(new() { [network] = BuildSmall(Catalog.Get(network)) });

    [OnnxRuntimeFact]
    public void Every_layer_with_every_option() => Compare(Layers().Index().ToDictionary(
        layer => $"{layer.Index:000}", layer => new GraphBuilder(Image).Then("layer", layer.Item).Build()));

    [OnnxRuntimeFact]
    public void Random_windows()
    {
        RandomStream random = new(1, "windows");
        Dictionary<string, Graph> graphs = [];
        while (graphs.Count < 100)
        {
            Pair kernel = new(1 + random.NextInt32(5), 1 + random.NextInt32(5));
            Pair stride = new(1 + random.NextInt32(4), 1 + random.NextInt32(4));
            Pair padding = new(random.NextInt32((kernel.Vertical / 2) + 1), random.NextInt32((kernel.Horizontal / 2) + 1));
            bool ceil = random.NextInt32(2) == 0;
            bool count = random.NextInt32(2) == 0;
            WindowPooling layer = random.NextInt32(3) == 0
                ? new MaxPool2d(kernel) { Stride = stride, Padding = padding, CeilMode = ceil }
                : new AvgPool2d(kernel) { Stride = stride, Padding = padding, CeilMode = ceil, CountPadding = count };
            Shape image = new(2, 3 + random.NextInt32(5), 3 + random.NextInt32(5));
            if (WherePossible(() => new GraphBuilder(image).Then("pool", layer).Build()) is { } graph)
            {
                graphs.Add($"{graphs.Count:000}", graph);
            }
        }

        Compare(graphs);
    }

    [OnnxRuntimeFact]
    public void Networks_with_every_layer_joins_of_many_and_names_that_meet() => Compare(new()
    {
        ["AllLayers"] = AllLayers.Graph,
        ["Joins"] = new GraphBuilder(Image)
            .Add("one", new Add(), Graph.InputName)
            .Add("three", new Add(), "one", Graph.InputName, "one")
            .Then("rows", new AdaptiveMaxPool2d(new Pair(7, 1)))
            .Add("channels", new AdaptiveAvgPool2d(1), "three")
            .Add("gated", new Multiply(), "rows", "three", "channels")
            .Add("alone", new Concat(), "gated")
            .Add("cat", new Concat(), "alone", "one", "three")
            .Then("drop", new Dropout(0.5))
            .Build(),
        ["Names"] = new GraphBuilder(Image)
            .Then("conv", new Conv2d(4, 1))
            .Then("conv.bias", new Activate(Activation.SiLU))
            .Then("conv.bias/sigmoid", new Activate(Activation.SiLU))
            .ThenShared("", new Conv2d(4, 1) { Padding = 1 }, "conv")
            .Then("last", new Flatten())
            .Build(),
    });

    private static IEnumerable<Layer> Layers() =>
    [
        new Conv2d(6, new Pair(3, 2)) { Stride = new Pair(2, 1), Padding = new Pair(1, 2), Dilation = new Pair(1, 2) },
        new Conv2d(8, 3) { Groups = 4, Bias = false },
        new BatchNorm2d { Epsilon = 0.1 },
        .. Enum.GetValues<Activation>().Select(function => new Activate(function)),
        new MaxPool2d(new Pair(3, 2)),
        new AvgPool2d(2) { CeilMode = true },
        new AdaptiveAvgPool2d(1),
        new AdaptiveAvgPool2d(new Pair(7, 3)),
        new AdaptiveAvgPool2d(new Pair(3, 4)),
        new AdaptiveAvgPool2d(new Pair(10, 20)),
        new AdaptiveMaxPool2d(1),
        new AdaptiveMaxPool2d(new Pair(1, 3)),
        new AdaptiveMaxPool2d(new Pair(3, 4)),
        new AdaptiveMaxPool2d(new Pair(10, 20)),
        new ChannelPool(),
        .. Enumerable.Range(1, 2 * Image.Channels)
            .Select(size => new LocalResponseNorm(size) { Alpha = 0.5, Beta = 0.7, K = 2 }),
        new Affine(0.5),
        new Affine(-2, 1),
        .. Enum.GetValues<PaddingMode>()
            .Select(mode => new Pad2d(new Padding(1, 0, 2, 3)) { Mode = mode, Value = 0.5f }),
        new Pad2d(new Padding(7, 7, 9, 9)) { Mode = PaddingMode.Circular },
        new PadChannels(2, 1),
        new Flatten(),
        new Dropout(0.5),
    ];

    /// <summary>Each network on images of its own, all in one process of ONNX Runtime.</summary>
    private static void Compare(Dictionary<string, Graph> graphs)
    {
        using PyTorchExchange exchange = new();
        Dictionary<string, float[]> inputs = graphs.ToDictionary(
            g => g.Key, g => Values(g.Key, Images * g.Value.InputShape.Count));
        Dictionary<string, float[]> ours = [];
        foreach ((string name, Graph graph) in graphs)
        {
            ModelWeights weights = ModelWeights.Create(Parity.Backend, graph, Device.Cpu, Weight);
            using CnnModel model = new(name, name, graph, weights, Parity.Backend, Device.Cpu);
            OnnxFile.Write(model, exchange.PathOf($"{name}.onnx"));
            ours.Add(name, Forward(model, inputs[name]));
        }

        exchange.WriteData(graphs.Select(g =>
            SafetensorsTensor.FromFloats(g.Key, g.Value.InputShape.WithBatch(Images), () => inputs[g.Key])));
        PyTorchExchange.Run(OnnxRuntime.Start(exchange.PathOf("")), "check.mjs");
        Dictionary<string, float[]> theirs = exchange.ReadTensors("result.safetensors");
        foreach ((string name, Graph graph) in graphs)
        {
            Assert.Contains(theirs[name], value => value != 0);
            Parity.AssertClose($"{name} ({graph.Nodes[0].Layer})", theirs[name], ours[name], 1e-4, "ONNX Runtime");
        }
    }

    private static float[] Forward(CnnModel model, float[] input)
    {
        using IDisposable threads = ThreadCount.Use(Parity.Backend, 1);
        using ITensorScope scope = Parity.Backend.BeginScope(recordGradients: false);
        Tensor images = Parity.Backend.FromFloats(input, model.InputShape.WithBatch(Images), Device.Cpu);
        Tensor output = new GraphExecutor(Parity.Backend, model.Graph, model.Weights).Forward(images, PassMode.Evaluation);
        float[] values = new float[output.Count];
        Parity.Backend.Read(output, values);
        return values;
    }

    /// <summary>As training might leave it: no vector is all zeros or ones. Of the largest only the first are drawn.</summary>
    private static float[] Weight(string name, WeightSpec spec)
    {
        const int Drawn = 65_521; // a prime: no two rows are the same
        bool isVector = spec.Sizes.Length == 1;
        float centre = isVector && (spec.Name is "weight" or "running_var") ? 1 : 0;
        float bound = isVector ? 0.3f : MathF.Sqrt(6f * spec.Sizes[0] / spec.Count);
        RandomStream random = new(1, name);
        float[] values = new float[spec.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = i < Drawn ? centre + (bound * (float)random.NextDouble(-1, 1)) : values[i - Drawn];
        }

        return values;
    }

    /// <summary>Normal values, wide enough for both sides of an activation's bends.</summary>
    private static float[] Values(string name, long count)
    {
        RandomStream random = new(1, $"{name}/images");
        return [.. Enumerable.Range(0, (int)count).Select(_ => 3 * (float)random.NextNormal())];
    }

    /// <summary>Images as small as the network takes and as large as shows its structure.</summary>
    private static Graph BuildSmall(Architecture architecture) =>
        new[] { 64, 96, 128 }.TakeWhile(side => side < architecture.Input.Height)
            .Select(side => WherePossible(() => architecture.Build(new Shape(architecture.Input.Channels, side, side), 10)))
            .FirstOrDefault(graph => graph is not null)
            ?? architecture.Build(architecture.Input, 10);

    private static Graph? WherePossible(Func<Graph> build)
    {
        try
        {
            return build();
        }
        catch (CnnException exception) when (exception.Id == "ImpossibleShape")
        {
            return null;
        }
    }
}
