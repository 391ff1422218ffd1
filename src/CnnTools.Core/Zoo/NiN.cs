using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// Network in network (Lin, Chen, Yan: "Network In Network", 2013; seed 003) as "Dive into Deep Learning" (d2l) has it,
/// which seed 003 cites: AlexNet's convolutions, each followed by two of 1x1, and a channel for each class in place of
/// fully connected layers. Weights start Xavier-uniform, as the book's training function has them, and have the names of
/// its nn.Sequential: 0.0.weight.
/// </summary>
public static class NiN
{
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new("NiN", nameof(NiN), new Shape(1, 224, 224), 10, "Lin et al. 2013", "003", Build),
    ];

    public static Graph Build(Shape input, int classes)
    {
        GraphBuilder network = new(input);
        Block(network, "0", Convolution(96, 11) with { Stride = 4 });
        network.Then("1", new MaxPool2d(3) { Stride = 2 });
        Block(network, "2", Convolution(256, 5) with { Padding = 2 });
        network.Then("3", new MaxPool2d(3) { Stride = 2 });
        Block(network, "4", Convolution(384, 3) with { Padding = 1 });
        network.Then("5", new MaxPool2d(3) { Stride = 2 }).Then("6", new Dropout(0.5));
        Block(network, "7", Convolution(classes, 3) with { Padding = 1 });
        return network.Then("8", new AdaptiveAvgPool2d(1)).Then("9", new Flatten()).Build();
    }

    private static void Block(GraphBuilder network, string name, Conv2d convolution) => network
        .Then($"{name}.0", convolution)
        .Then($"{name}.1", new Activate(Activation.ReLU))
        .Then($"{name}.2", Convolution(convolution.OutChannels, 1))
        .Then($"{name}.3", new Activate(Activation.ReLU))
        .Then($"{name}.4", Convolution(convolution.OutChannels, 1))
        .Then($"{name}.5", new Activate(Activation.ReLU));

    private static Conv2d Convolution(int filters, int kernel) =>
        new(filters, kernel) { WeightInitializer = new Initializer.XavierUniform() };
}
