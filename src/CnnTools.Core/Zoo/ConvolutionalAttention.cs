using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// The convolutional block attention module (Woo, Park, Lee, Kweon: "CBAM", 2018; seed 003), as the authors' code has it:
/// biases in the shared perceptron, batch norm in the spatial gate (starting at 0, so that the gate starts at one half).
/// </summary>
public static class ConvolutionalAttention
{
    private static readonly Initializer Zero = new Initializer.Constant(0);

    /// <summary>Scales the last node's channels, then its pixels; names of weights are the authors'.</summary>
    /// <param name="reduction">How many channels one value between the perceptron's two layers stands for.</param>
    public static GraphBuilder AttendToChannelsAndPixels(this GraphBuilder network, string name, int reduction)
    {
        ArgumentNullException.ThrowIfNull(network);
        ChannelGate(network, $"{name}.ChannelGate", reduction);
        SpatialGate(network, $"{name}.SpatialGate");
        return network;
    }

    /// <summary>Each channel's mean and maximum through one perceptron, added.</summary>
    private static void ChannelGate(GraphBuilder network, string name, int reduction)
    {
        string features = network.Last;
        int channels = network.LastShape.Channels;
        Linear hidden = new(channels / reduction) { BiasInitializer = Zero };
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
