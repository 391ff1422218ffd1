using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// CBAM-ResNets (Woo, Park, Lee, Kweon: "CBAM: Convolutional Block Attention Module", 2018; seed 003):
/// <see cref="ResNet"/> with each block's channels, then its pixels weighted before the addition. As the authors' code:
/// reduction 16, biases in the shared perceptron, batch norm in the spatial gate (starting at 0, so that the gate starts
/// at one half), names of weights, initialisation.
/// </summary>
public static class CbamResNet
{
    private const int Reduction = 16;

    private static readonly Initializer Zero = new Initializer.Constant(0);

    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        Entry("CbamResNet18", "cbam_resnet18", bottleneck: false, [2, 2, 2, 2]),
        Entry("CbamResNet34", "cbam_resnet34", bottleneck: false, [3, 4, 6, 3]),
        Entry("CbamResNet50", "cbam_resnet50", bottleneck: true, [3, 4, 6, 3]),
    ];

    private static Architecture Entry(string name, string alias, bool bottleneck, int[] blocks)
    {
        ResNet.Form form = new(bottleneck, blocks)
        {
            Attention = (network, block, channels) =>
            {
                ChannelGate(network, $"{block}.cbam.ChannelGate", channels);
                SpatialGate(network, $"{block}.cbam.SpatialGate");
            },
            AttentionLast = true,
            Projections = null,
            Classifier = classes =>
                new(classes) { WeightInitializer = new Initializer.KaimingNormal(Fan.In), BiasInitializer = Zero },
        };
        return ResNet.Entry(name, alias, "003", form, "Woo et al. 2018", nameof(CbamResNet));
    }

    /// <summary>Each channel's mean and maximum through one perceptron, added.</summary>
    private static void ChannelGate(GraphBuilder network, string name, int channels)
    {
        string features = network.Last;
        Linear hidden = new(channels / Reduction) { BiasInitializer = Zero };
        Linear outputs = new(channels) { BiasInitializer = Zero };
        network
            .Then($"{name}.avgpool", new AdaptiveAvgPool2d(1))
            .Then($"{name}.mlp.0", new Flatten())
            .Then($"{name}.mlp.1", hidden)
            .Then($"{name}.mlp.2", new Activate(Activation.ReLU))
            .Then($"{name}.mlp.3", outputs);
        network
            .Add($"{name}.maxpool", new AdaptiveMaxPool2d(1), features)
            .Then($"{name}.max.0", new Flatten())
            .ThenShared($"{name}.max.1", hidden, $"{name}.mlp.1")
            .Then($"{name}.max.2", new Activate(Activation.ReLU))
            .ThenShared($"{name}.max.3", outputs, $"{name}.mlp.3");
        network
            .Add($"{name}.sum", new Add(), $"{name}.mlp.3", $"{name}.max.3")
            .Then($"{name}.sigmoid", new Activate(Activation.Sigmoid))
            .Then($"{name}.gate", new Unflatten(new Shape(channels, 1, 1)))
            .Add($"{name}.scale", new Multiply(), features, $"{name}.gate");
    }

    /// <summary>A 7x7 convolution of each pixel's maximum and mean over the channels.</summary>
    private static void SpatialGate(GraphBuilder network, string name)
    {
        string features = network.Last;
        Conv2d convolution = new(1, 7) { Padding = 3, Bias = false, WeightInitializer = new Initializer.KaimingNormal(Fan.Out) };
        network
            .Then($"{name}.compress", new ChannelPool())
            .Then($"{name}.spatial.conv", convolution)
            .Then($"{name}.spatial.bn", new BatchNorm2d { Momentum = 0.01, InitialWeight = 0 })
            .Then($"{name}.gate", new Activate(Activation.Sigmoid))
            .Add($"{name}.scale", new Multiply(), features, $"{name}.gate");
    }
}
