using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// AlexNet (Krizhevsky, Sutskever, Hinton: "ImageNet Classification with Deep Convolutional Neural Networks", 2012; seeds
/// 000 and 003) in three forms: torchvision's, the paper's own, and that of "Dive into Deep Learning" (d2l), whose first
/// fully connected layer seed 003 counts as 26,214,400 weights.
/// </summary>
public static class AlexNet
{
    private static readonly Initializer Zero = new Initializer.Constant(0);
    private static readonly Initializer One = new Initializer.Constant(1);
    private static readonly Initializer Narrow = new Initializer.Normal(0.01);

    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new("AlexNet", nameof(AlexNet), new Shape(3, 224, 224), 1000, "Krizhevsky et al. 2012, 2014", "000", Build),
        new("AlexNet2012", nameof(AlexNet), new Shape(3, 224, 224), 1000, "Krizhevsky et al. 2012", "000", Build2012)
        {
            Aliases = ["alexnet_2012"],
        },
        new("AlexNetD2l", nameof(AlexNet), new Shape(1, 224, 224), 10, "Krizhevsky et al. 2012", "003", BuildD2l)
        {
            Aliases = ["alexnet_d2l"],
        },
    ];

    /// <summary>
    /// As torchvision has it, after Krizhevsky's "One weird trick" (2014): no groups, no local response normalisation, 64
    /// first filters; its names of weights and initialisation.
    /// </summary>
    public static Graph Build(Shape input, int classes) =>
        new GraphBuilder(input)
            .Then("features.0", new Conv2d(64, 11) { Stride = 4, Padding = 2 })
            .Then("features.1", new Activate(Activation.ReLU))
            .Then("features.2", new MaxPool2d(3) { Stride = 2 })
            .Then("features.3", new Conv2d(192, 5) { Padding = 2 })
            .Then("features.4", new Activate(Activation.ReLU))
            .Then("features.5", new MaxPool2d(3) { Stride = 2 })
            .Then("features.6", new Conv2d(384, 3) { Padding = 1 })
            .Then("features.7", new Activate(Activation.ReLU))
            .Then("features.8", new Conv2d(256, 3) { Padding = 1 })
            .Then("features.9", new Activate(Activation.ReLU))
            .Then("features.10", new Conv2d(256, 3) { Padding = 1 })
            .Then("features.11", new Activate(Activation.ReLU))
            .Then("features.12", new MaxPool2d(3) { Stride = 2 })
            .Then("avgpool", new AdaptiveAvgPool2d(6))
            .Then("flatten", new Flatten())
            .Then("classifier.0", new Dropout(0.5))
            .Then("classifier.1", new Linear(4096))
            .Then("classifier.2", new Activate(Activation.ReLU))
            .Then("classifier.3", new Dropout(0.5))
            .Then("classifier.4", new Linear(4096))
            .Then("classifier.5", new Activate(Activation.ReLU))
            .Then("classifier.6", new Linear(classes))
            .Build();

    /// <summary>
    /// The paper's own: two groups where it had two GPUs, local response normalisation, its initialisation (biases of 1
    /// before the ReLUs that would else start dead). Padding 2 makes of 224 pixels the 55 windows of its figure. Names of
    /// weights count the layers as torchvision's do.
    /// </summary>
    public static Graph Build2012(Shape input, int classes) =>
        new GraphBuilder(input)
            .Then("features.0", Convolution(96, 11, 2, Zero) with { Stride = 4 })
            .Then("features.1", new Activate(Activation.ReLU))
            .Then("features.2", ResponseNorm())
            .Then("features.3", new MaxPool2d(3) { Stride = 2 })
            .Then("features.4", Convolution(256, 5, 2, One) with { Groups = 2 })
            .Then("features.5", new Activate(Activation.ReLU))
            .Then("features.6", ResponseNorm())
            .Then("features.7", new MaxPool2d(3) { Stride = 2 })
            .Then("features.8", Convolution(384, 3, 1, Zero))
            .Then("features.9", new Activate(Activation.ReLU))
            .Then("features.10", Convolution(384, 3, 1, One) with { Groups = 2 })
            .Then("features.11", new Activate(Activation.ReLU))
            .Then("features.12", Convolution(256, 3, 1, One) with { Groups = 2 })
            .Then("features.13", new Activate(Activation.ReLU))
            .Then("features.14", new MaxPool2d(3) { Stride = 2 })
            .Then("flatten", new Flatten())
            .Then("classifier.0", new Linear(4096) { WeightInitializer = Narrow, BiasInitializer = One })
            .Then("classifier.1", new Activate(Activation.ReLU))
            .Then("classifier.2", new Dropout(0.5))
            .Then("classifier.3", new Linear(4096) { WeightInitializer = Narrow, BiasInitializer = One })
            .Then("classifier.4", new Activate(Activation.ReLU))
            .Then("classifier.5", new Dropout(0.5))
            .Then("classifier.6", new Linear(classes) { WeightInitializer = Narrow, BiasInitializer = Zero })
            .Build();

    /// <summary>
    /// The book's: one channel, padding 1, no groups. Weights start Xavier-uniform, as its training function has them, and
    /// have the names of its nn.Sequential: 0.weight.
    /// </summary>
    public static Graph BuildD2l(Shape input, int classes) =>
        new GraphBuilder(input)
            .Then("0", Xavier(96, 11, 1) with { Stride = 4 })
            .Then("1", new Activate(Activation.ReLU))
            .Then("2", new MaxPool2d(3) { Stride = 2 })
            .Then("3", Xavier(256, 5, 2))
            .Then("4", new Activate(Activation.ReLU))
            .Then("5", new MaxPool2d(3) { Stride = 2 })
            .Then("6", Xavier(384, 3, 1))
            .Then("7", new Activate(Activation.ReLU))
            .Then("8", Xavier(384, 3, 1))
            .Then("9", new Activate(Activation.ReLU))
            .Then("10", Xavier(256, 3, 1))
            .Then("11", new Activate(Activation.ReLU))
            .Then("12", new MaxPool2d(3) { Stride = 2 })
            .Then("13", new Flatten())
            .Then("14", Xavier(4096))
            .Then("15", new Activate(Activation.ReLU))
            .Then("16", new Dropout(0.5))
            .Then("17", Xavier(4096))
            .Then("18", new Activate(Activation.ReLU))
            .Then("19", new Dropout(0.5))
            .Then("20", Xavier(classes))
            .Build();

    private static Conv2d Convolution(int filters, int kernel, int padding, Initializer biases) =>
        new(filters, kernel) { Padding = padding, WeightInitializer = Narrow, BiasInitializer = biases };

    /// <summary>The paper's alpha of 1e-4 counts the sum of five squares, the layer's their mean.</summary>
    private static LocalResponseNorm ResponseNorm() => new(5) { Alpha = 5e-4, Beta = 0.75, K = 2 };

    private static Conv2d Xavier(int filters, int kernel, int padding) =>
        new(filters, kernel) { Padding = padding, WeightInitializer = new Initializer.XavierUniform() };

    private static Linear Xavier(int features) => new(features) { WeightInitializer = new Initializer.XavierUniform() };
}
