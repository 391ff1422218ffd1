using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// DenseNet for photographs (Huang, Liu, van der Maaten, Weinberger: "Densely Connected Convolutional Networks", 2016;
/// seed 000): every layer of a block reads all before it, and adds its growth rate of channels. Names of weights and
/// initialisation are torchvision's. Images of at most 64 pixels get a first convolution of 3x3 and no first pooling.
/// </summary>
public static class DenseNet
{
    /// <summary>A layer's 1x1 convolution gives this many times the growth rate of channels.</summary>
    private const int BottleneckWidth = 4;

    private static readonly Initializer Convolutions = new Initializer.KaimingNormal(Fan.In);

    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        Entry("DenseNet121", growth: 32, first: 64, [6, 12, 24, 16]),
        Entry("DenseNet161", growth: 48, first: 96, [6, 12, 36, 24]),
        Entry("DenseNet169", growth: 32, first: 64, [6, 12, 32, 32]),
        Entry("DenseNet201", growth: 32, first: 64, [6, 12, 48, 32]),
    ];

    private static Architecture Entry(string name, int growth, int first, int[] layers) =>
        new(name, nameof(DenseNet), new Shape(3, 224, 224), 1000, "Huang et al. 2016", "000",
            (input, classes, options) => Build(input, classes, options.Stem ?? Stems.For(input), growth, first, layers))
        {
            Defaults = input => new() { Stem = Stems.For(input) },
        };

    private static Graph Build(Shape input, int classes, Stem stem, int growth, int first, int[] layers)
    {
        GraphBuilder network = new GraphBuilder(input)
            .Convolution(stem, "features.conv0", first, Convolutions)
            .Then("features.norm0", new BatchNorm2d())
            .Then("features.relu0", new Activate(Activation.ReLU))
            .Pool(stem, "features.pool0");
        int channels = first;
        for (int block = 1; block <= layers.Length; block++)
        {
            for (int layer = 1; layer <= layers[block - 1]; layer++)
            {
                Layer(network, $"features.denseblock{block}.denselayer{layer}", growth);
                channels += growth;
            }

            if (block < layers.Length)
            {
                channels /= 2;
                Transition(network, $"features.transition{block}", channels);
            }
        }

        return network
            .Then("features.norm5", new BatchNorm2d())
            .Then("relu", new Activate(Activation.ReLU))
            .Then("avgpool", new AdaptiveAvgPool2d(1))
            .Then("flatten", new Flatten())
            .Then("classifier", new Linear(classes) { BiasInitializer = new Initializer.Constant(0) })
            .Build();
    }

    private static void Layer(GraphBuilder network, string name, int growth)
    {
        string input = network.Last;
        network
            .Then($"{name}.norm1", new BatchNorm2d())
            .Then($"{name}.relu1", new Activate(Activation.ReLU))
            .Then($"{name}.conv1", Convolution(BottleneckWidth * growth, 1))
            .Then($"{name}.norm2", new BatchNorm2d())
            .Then($"{name}.relu2", new Activate(Activation.ReLU))
            .Then($"{name}.conv2", Convolution(growth, 3))
            .Add($"{name}.concat", new Concat(), input, network.Last);
    }

    private static void Transition(GraphBuilder network, string name, int channels) => network
        .Then($"{name}.norm", new BatchNorm2d())
        .Then($"{name}.relu", new Activate(Activation.ReLU))
        .Then($"{name}.conv", Convolution(channels, 1))
        .Then($"{name}.pool", new AvgPool2d(2));

    private static Conv2d Convolution(int filters, int kernel) =>
        new(filters, kernel) { Padding = kernel / 2, Bias = false, WeightInitializer = Convolutions };
}
