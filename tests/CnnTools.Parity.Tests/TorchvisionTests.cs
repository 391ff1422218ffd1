using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Training;
using CnnTools.Weights;
using CnnTools.Zoo;

namespace CnnTools.Tests;

/// <summary>
/// Networks that torchvision has too: its weights, under its names, give its logits and gradients. What takes long or much
/// memory runs where CNNTOOLS_ALL_NETWORKS is 1, and compares logits: in so many ReLUs there can be one at its kink, whose
/// gradient a rounding turns on or off.
/// </summary>
public sealed class TorchvisionTests
{
    private const int Classes = 10;

    public static TheoryData<string, int> Networks => new()
    {
        { "squeezenet1_1", 64 },
        { "mobilenet_v2", 64 },
        { "mobilenet_v3_small", 64 },
        { "resnet18", 64 },
        { "resnet50", 64 },
        { "resnext50_32x4d", 64 },
        { "densenet121", 64 },
    };

    public static TheoryData<string, int> LargeNetworks => new()
    {
        { "alexnet", 64 },
        { "vgg11", 32 },
        { "vgg11_bn", 32 },
        { "vgg13", 32 },
        { "vgg13_bn", 32 },
        { "vgg16", 32 },
        { "vgg16_bn", 32 },
        { "vgg19", 32 },
        { "vgg19_bn", 32 },
        { "mobilenet_v3_large", 64 },
        { "resnet34", 64 },
        { "resnet101", 64 },
        { "resnet152", 64 },
        { "resnext101_32x8d", 64 },
        { "wide_resnet50_2", 64 },
        { "densenet161", 64 },
        { "densenet169", 64 },
        { "densenet201", 64 },
    };

    [TorchvisionTheory]
    [MemberData(nameof(Networks))]
    public void Logits_and_gradients_are_those_of_torchvision(string network, int side) => Compare(network, side, gradients: true);

    [AllNetworksTheory]
    [MemberData(nameof(LargeNetworks))]
    public void Logits_of_large_networks_too(string network, int side) => Compare(network, side, gradients: false);

    private static void Compare(string network, int side, bool gradients)
    {
        const int Images = 2;
        using PyTorchExchange exchange = new();
        exchange.WriteRequest(new { Network = network, Classes, Shape = new[] { Images, 3, side, side } });
        exchange.Run("torchvision_network.py");

        using CnnModel model = Read(exchange, network, side);
        using IDisposable threads = ThreadCount.Use(Parity.Backend, 1);
        using ITensorScope scope = Parity.Backend.BeginScope(recordGradients: true);
        ExecutionPlan plan = ExecutionPlan.For(model.Graph, Parity.Backend, Device.Cpu);
        float[] pixels = exchange.ReadTensors("images.safetensors")["images"];
        Tensor images = Parity.Backend.Copy(
            Parity.Backend.FromFloats(pixels, [Images, 3, side, side], Device.Cpu), Device.Cpu, plan.Layout);
        Tensor logits = new GraphExecutor(Parity.Backend, plan.Graph, model.Weights).Forward(images, PassMode.Evaluation);
        float[] expectedLogits = exchange.ReadTensors("logits.safetensors")["logits"];
        Parity.AssertClose($"{network}'s logits", expectedLogits, Values(logits), 1e-4);

        if (!gradients)
        {
            return;
        }

        Parity.Backend.Backward(Parity.Backend.CrossEntropy(logits, Parity.Backend.FromIndices(
            [.. expectedLogits.Chunk(Classes).Select(row => (long)row.IndexOf(row.Min()))], Device.Cpu)));
        Dictionary<string, float[]> expected = exchange.ReadTensors("gradients.safetensors");
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), model.Weights.ParameterNames.Order(StringComparer.Ordinal));
        foreach ((string name, Tensor parameter) in model.Weights.ParameterNames.Zip(model.Weights.Parameters))
        {
            Tensor gradient = Parity.Backend.GetGradient(parameter)!;
            Parity.AssertClose($"{network}'s gradient of {name}", expected[name], Values(gradient), 1e-3);
        }
    }

    private static CnnModel Read(PyTorchExchange exchange, string network, int side)
    {
        Architecture architecture = Catalog.Get(network);
        ArchitectureOptions options = architecture.Options.Contains(nameof(ArchitectureOptions.Stem))
            ? new() { Stem = Stem.Conv7x7 }
            : ArchitectureOptions.None;
        Graph graph = architecture.Build(new Shape(3, side, side), Classes, options);
        return ModelFile.ReadWeights(Parity.Backend, exchange.PathOf("weights.safetensors"), architecture.Name, graph);
    }

    private static float[] Values(Tensor tensor)
    {
        float[] values = new float[tensor.Count];
        Parity.Backend.Read(tensor, values);
        return values;
    }
}
