using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// Squeeze and excitation (Hu, Shen, Sun: "Squeeze-and-Excitation Networks", 2017; seed 003): each channel is scaled by a
/// gate that two 1x1 convolutions make of all channels' means.
/// </summary>
public static class SqueezeExcitation
{
    /// <summary>Scales the last node's channels; names of weights are torchvision's and timm's: fc1, fc2.</summary>
    /// <param name="reduced">Channels between the two convolutions.</param>
    /// <param name="biases">How their biases start; PyTorch's default where null.</param>
    /// <param name="weights">How their weights start; Kaiming's normal values where null.</param>
    public static GraphBuilder SqueezeAndExcite(
        this GraphBuilder network, string name, int channels, int reduced, Activation gate, Initializer? biases,
        Initializer? weights = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        string features = network.Last;
        return network
            .Then($"{name}.avgpool", new AdaptiveAvgPool2d(1))
            .Then($"{name}.fc1", Convolution(reduced))
            .Then($"{name}.activation", new Activate(Activation.ReLU))
            .Then($"{name}.fc2", Convolution(channels))
            .Then($"{name}.gate", new Activate(gate))
            .Add($"{name}.scale", new Multiply(), features, $"{name}.gate");

        Conv2d Convolution(int filters) => new(filters, 1)
        {
            WeightInitializer = weights ?? new Initializer.KaimingNormal(Fan.Out),
            BiasInitializer = biases,
        };
    }
}
