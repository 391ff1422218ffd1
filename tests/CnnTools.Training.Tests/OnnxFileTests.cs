using System.Runtime.InteropServices;
using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Tests.Fuzzing;
using CnnTools.Weights;

namespace CnnTools.Tests;

/// <summary>What stands in an ONNX file; tests/parity/onnx runs them.</summary>
public sealed class OnnxFileTests : IDisposable
{
    private readonly Fixtures _fixtures = new();

    private string FilePath => _fixtures.PathOf("network.onnx");

    public void Dispose() => _fixtures.Dispose();

    [Fact]
    public void Every_layer_has_its_operators()
    {
        IEnumerable<string> kinds = typeof(Layer).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract && type != typeof(ConvMaxPoolReLU) && type != typeof(StochasticDepth))
            .Select(type => type.Name);

        Assert.Equal(kinds.Order(), AllLayers.Graph.Nodes.Select(n => n.Layer.GetType().Name).Distinct().Order());
        foreach (Node node in AllLayers.Graph.Nodes)
        {
            Graph graph = new(AllLayers.Graph.InputShape, AllLayers.Graph.Nodes, output: node.Name);
            using CnnModel model = CnnModel.Create(Fixtures.Backend, "AllLayers", graph, 1, Device.Cpu);
            OnnxFile.Write(model, FilePath);
            Assert.Equal(node.Name, ReadModel().Message(7).Messages(1).Last().Text(3));
        }
    }

    [Fact]
    public void Names_shapes_and_weights_are_the_networks()
    {
        using CnnModel model = Fixtures.NewModel("SimpleCnn");
        OnnxFile.Write(model, FilePath);
        ProtobufFields graph = ReadModel().Message(7);

        Assert.Equal(model.Graph.Nodes.Select(n => n.Name), graph.Messages(1).Select(node => node.Text(3)));
        Assert.Equal(model.Graph.Weights.Select(w => w.Name), graph.Messages(5).Select(tensor => tensor.Text(8)));
        Assert.Equal(
            model.Graph.Weights.Select(w => string.Join('x', w.Spec.Sizes)),
            graph.Messages(5).Select(tensor => string.Join('x', tensor.Numbers(1))));
        Assert.Equal(
            Fixtures.WeightsOf(model),
            graph.Messages(5).SelectMany(tensor => MemoryMarshal.Cast<byte, float>(tensor.Bytes(9).Single()).ToArray()));
        Assert.Equal("input: Nx1x28x28", Describe(graph.Message(11)));
        Assert.Equal($"{model.Graph.Output}: Nx10", Describe(graph.Message(12)));
        Assert.Equal(
            model.Graph.Nodes.SkipLast(1).Select(n => $"{n.Name}: Nx{model.Graph.ShapeOf(n.Name)}"),
            graph.Messages(13).Select(Describe));
    }

    [Fact]
    public void Dropout_and_auxiliary_outputs_are_left_out_and_shared_weights_stand_once()
    {
        Graph graph = new GraphBuilder(new Shape(3, 4, 4))
            .Then("flat", new Flatten())
            .Then("first", new Linear(48))
            .ThenShared("second", new Linear(48), "first")
            .Add("auxiliary", new Linear(2), "first")
            .Auxiliary(0.3)
            .Add("drop", new Dropout(0.5), "second")
            .Then("fc", new Linear(2))
            .Build();
        using CnnModel model = CnnModel.Create(Fixtures.Backend, "Test", graph, 1, Device.Cpu);
        OnnxFile.Write(model, FilePath);
        ProtobufFields written = ReadModel().Message(7);

        Assert.Equal(["flat", "first", "second", "fc"], written.Messages(1).Select(node => node.Text(3)));
        Assert.Equal(["first.weight", "first.bias", "fc.weight", "fc.bias"], written.Messages(5).Select(t => t.Text(8)));
    }

    [Fact]
    public void Metadata_tell_what_a_program_must_know_of_the_images()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        model.Normalization = new Normalization([0.5f], [0.25f]);
        model.TrainedData = new("Stripes");
        OnnxFile.Write(model, FilePath);

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["cnntools.name"] = "LeNet5",
                ["cnntools.architecture"] = "LeNet5",
                ["cnntools.classes"] = "10",
                ["cnntools.normalization"] = """{"mean":[0.5],"deviation":[0.25]}""",
                ["cnntools.trainedOn"] = "Stripes",
            },
            ReadModel().Messages(14).ToDictionary(entry => entry.Text(1), entry => entry.Text(2)));
    }

    [Fact]
    public void A_layer_without_operators_is_told_by_name_and_nothing_is_written()
    {
        Graph graph = new GraphBuilder(new Shape(1, 8, 8)).Then("stem", new ConvMaxPoolReLU(new Conv2d(2, 3))).Build();
        using CnnModel model = CnnModel.Create(Fixtures.Backend, "Test", graph, 1, Device.Cpu);

        CnnException error = Assert.Throws<CnnException>(() => OnnxFile.Write(model, FilePath));

        Assert.Equal("LayerNotInOnnx", error.Id);
        Assert.Contains("'stem' (ConvMaxPoolReLU)", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public void More_than_the_format_holds_is_refused_before_a_weight_is_read()
    {
        Graph graph = new GraphBuilder(new Shape(32_768)).Then("fc", new Linear(16_384) { Bias = false }).Build();

        CnnException error = Assert.Throws<CnnException>(() => OnnxFile.Write(
            graph, "Large", new Dictionary<string, string>(), FilePath, (_, name) => SafetensorsTensor.FromFloats(
                name, [16_384, 32_768], () => throw new InvalidOperationException("It is read."))));

        Assert.Equal("OnnxTooLarge", error.Id);
        Assert.Contains("2.1 GB", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public void A_name_that_is_not_Unicode_is_refused()
    {
        Graph graph = new GraphBuilder(new Shape(4)).Then("\ud800", new Linear(2)).Build();
        using CnnModel model = CnnModel.Create(Fixtures.Backend, "Test", graph, 1, Device.Cpu);

        Assert.Equal("NotUnicode", Assert.Throws<CnnException>(() => OnnxFile.Write(model, FilePath)).Id);
    }

    private ProtobufFields ReadModel() => new(File.ReadAllBytes(FilePath));

    /// <summary>A value's name and sizes.</summary>
    private static string Describe(ProtobufFields value)
    {
        IEnumerable<ProtobufFields> sizes = value.Message(2).Message(1).Message(2).Messages(1);
        IEnumerable<string> shown = sizes.Select(s => s.Bytes(2).Any() ? s.Text(2) : $"{s.Numbers(1).Single()}");
        return $"{value.Text(1)}: {string.Join('x', shown)}";
    }
}
