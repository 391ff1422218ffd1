using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// Seed 003's own ResNet-18, after "Dive into Deep Learning": convolutions with biases, no batch norm behind the 1x1
/// convolutions of its shortcuts. 11,178,378 parameters at one channel and ten classes. Layer names are the seed's
/// nn.Sequential's, so weights are named 0.0.weight, 1.0.conv1.weight; initialisation is PyTorch's.
/// </summary>
public static class Seed003ResNet18
{
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new("Seed003ResNet18", nameof(Seed003ResNet18), new Shape(1, 224, 224), 10, "Seed 003", "003", Build)
        {
            Aliases = ["seed003_resnet18"],
        },
    ];

    public static Graph Build(Shape input, int classes)
    {
        GraphBuilder network = new GraphBuilder(input)
            .Then("0.0", new Conv2d(64, 7) { Stride = 2, Padding = 3 })
            .Then("0.1", new BatchNorm2d())
            .Then("0.2", new Activate(Activation.ReLU))
            .Then("0.3", new MaxPool2d(3) { Stride = 2, Padding = 1 });
        for (int stage = 1; stage <= 4; stage++)
        {
            Residual(network, $"{stage}.0", 32 << stage, halves: stage > 1);
            Residual(network, $"{stage}.1", 32 << stage, halves: false);
        }

        return network
            .Then("5", new AdaptiveAvgPool2d(1))
            .Then("6", new Flatten())
            .Then("7", new Linear(classes))
            .Build();
    }

    /// <param name="halves">Whether it halves height and width, with a 1x1 convolution in the shortcut.</param>
    private static void Residual(GraphBuilder network, string name, int channels, bool halves)
    {
        string input = network.Last;
        int stride = halves ? 2 : 1;
        network
            .Then($"{name}.conv1", new Conv2d(channels, 3) { Stride = stride, Padding = 1 })
            .Then($"{name}.bn1", new BatchNorm2d())
            .Then($"{name}.relu1", new Activate(Activation.ReLU))
            .Then($"{name}.conv2", new Conv2d(channels, 3) { Padding = 1 })
            .Then($"{name}.bn2", new BatchNorm2d());
        string end = network.Last;
        if (halves)
        {
            input = network.Add($"{name}.conv3", new Conv2d(channels, 1) { Stride = stride }, input).Last;
        }

        network.Add($"{name}.add", new Add(), end, input).Then($"{name}.relu2", new Activate(Activation.ReLU));
    }
}
