using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// SqueezeNet 1.1 (Iandola et al.: "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters", 2016, in its authors'
/// later form): fire modules, which squeeze with 1x1 convolutions and expand with 1x1 and 3x3 ones side by side. Names of
/// weights and initialisation are torchvision's.
/// </summary>
public static class SqueezeNet
{
    private static readonly Initializer Zero = new Initializer.Constant(0);

    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new("SqueezeNet1_1", nameof(SqueezeNet), new Shape(3, 224, 224), 1000, "Iandola et al. 2016", "", Build),
    ];

    public static Graph Build(Shape input, int classes)
    {
        GraphBuilder network = new GraphBuilder(input)
            .Then("features.0", Convolution(64, 3, stride: 2, padding: 0))
            .Then("features.1", new Activate(Activation.ReLU))
            .Then("features.2", Pool());
        Fire(network, "features.3", 16, 64);
        Fire(network, "features.4", 16, 64);
        network.Then("features.5", Pool());
        Fire(network, "features.6", 32, 128);
        Fire(network, "features.7", 32, 128);
        network.Then("features.8", Pool());
        Fire(network, "features.9", 48, 192);
        Fire(network, "features.10", 48, 192);
        Fire(network, "features.11", 64, 256);
        Fire(network, "features.12", 64, 256);
        return network
            .Then("classifier.0", new Dropout(0.5))
            .Then("classifier.1", Convolution(classes, 1) with { WeightInitializer = new Initializer.Normal(0.01) })
            .Then("classifier.2", new Activate(Activation.ReLU))
            .Then("classifier.3", new AdaptiveAvgPool2d(1))
            .Then("flatten", new Flatten())
            .Build();
    }

    private static void Fire(GraphBuilder network, string name, int squeeze, int expand)
    {
        network
            .Then($"{name}.squeeze", Convolution(squeeze, 1))
            .Then($"{name}.squeeze_activation", new Activate(Activation.ReLU));
        string squeezed = network.Last;
        network
            .Then($"{name}.expand1x1", Convolution(expand, 1))
            .Then($"{name}.expand1x1_activation", new Activate(Activation.ReLU))
            .Add($"{name}.expand3x3", Convolution(expand, 3, padding: 1), squeezed)
            .Then($"{name}.expand3x3_activation", new Activate(Activation.ReLU))
            .Add($"{name}.concat", new Concat(), $"{name}.expand1x1_activation", $"{name}.expand3x3_activation");
    }

    private static MaxPool2d Pool() => new(3) { Stride = 2, CeilMode = true };

    private static Conv2d Convolution(int filters, int kernel, int stride = 1, int padding = 0) => new(filters, kernel)
    {
        Stride = stride,
        Padding = padding,
        WeightInitializer = new Initializer.KaimingUniform(Fan.In),
        BiasInitializer = Zero,
    };
}
