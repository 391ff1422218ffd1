using CnnTools.Graphs;
using CnnTools.Zoo;

namespace CnnTools.Tests.Zoo;

/// <summary>Where networks start as their authors' code has it, which is not as torchvision's start.</summary>
public sealed class InitializerTests
{
    public static TheoryData<string, string, Initializer> Starts => new()
    {
        { "PreActResNet164", "layer2.0.shortcut.0.weight", new Initializer.KaimingNormal(Fan.Out) },
        { "PreActResNet164", "linear.bias", new Initializer.Constant(0) },
        { "DenseNet40_k12", "features.denseblock1.denselayer1.conv1.weight", new Initializer.KaimingNormal(Fan.Out) },
        { "SEResNet18", "layer1.0.se.fc1.weight", new Initializer.KaimingNormal(Fan.Out) },
        { "CbamResNet18", "layer1.0.cbam.SpatialGate.spatial.bn.weight", new Initializer.Constant(0) },
        { "CbamResNet18", "layer1.0.cbam.ChannelGate.mlp.1.bias", new Initializer.Constant(0) },
        { "CbamResNet18", "layer2.0.downsample.0.weight", Initializer.Uniform.KaimingDefault(64) },
        { "CbamResNet18", "fc.weight", new Initializer.KaimingNormal(Fan.In) },
        { "AlexNet2012", "features.0.bias", new Initializer.Constant(0) },
        { "AlexNet2012", "features.4.bias", new Initializer.Constant(1) },
        { "AlexNet2012", "classifier.6.weight", new Initializer.Normal(0.01) },
        { "AlexNetD2l", "14.weight", new Initializer.XavierUniform() },
        { "NiN", "0.0.weight", new Initializer.XavierUniform() },
        { "NiN", "0.0.bias", Initializer.Uniform.KaimingDefault(11 * 11) },
        { "MobileNetV1", "blocks.0.0.conv_dw.weight", new Initializer.TruncatedNormal(0.09, 0.18) },
        { "Seed003ResNet18", "0.0.weight", Initializer.Uniform.KaimingDefault(7 * 7) },
    };

    [Theory]
    [MemberData(nameof(Starts))]
    public void A_weight_starts_as_its_source_says(string network, string weight, Initializer expected)
    {
        Architecture architecture = Catalog.Get(network);
        Graph graph = architecture.Build(architecture.Input, architecture.Classes);

        Assert.Equal(expected, graph.Weights.Single(w => w.Name == weight).Spec.Initializer);
    }

    [Fact]
    public void Gates_start_with_shortcuts_almost_open()
    {
        Graph graph = Catalog.Get("CifarResNet20").Build(
            new Shape(3, 32, 32), 10, new() { Shortcut = Shortcut.ShortcutOnlyGating });

        Assert.All(graph.Weights.Where(w => w.Name.EndsWith("gate.bias", StringComparison.Ordinal)),
            w => Assert.Equal(new Initializer.Constant(-6), w.Spec.Initializer));
    }
}
