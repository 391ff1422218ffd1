using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// DenseNets (Huang, Liu, van der Maaten, Weinberger: "Densely Connected Convolutional Networks", 2016; seeds 000 and
/// 002): every layer of a block reads all before it, and adds its growth rate of channels. DenseNet121 to 201, for
/// photographs, have torchvision's initialisation and, for images of at most 64 pixels, a first convolution of 3x3 and no
/// first pooling. The others are the paper's for CIFAR, with or without bottlenecks and compression (BC), initialised as
/// the authors' code does; the paper has dropout 0.2 in those where it does not augment. Names of weights are
/// torchvision's.
/// </summary>
public static class DenseNet
{
    /// <summary>A layer's 1x1 convolution gives this many times the growth rate of channels.</summary>
    private const int BottleneckWidth = 4;

    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        Entry("DenseNet121", growth: 32, first: 64, [6, 12, 24, 16]),
        Entry("DenseNet161", growth: 48, first: 96, [6, 12, 36, 24]),
        Entry("DenseNet169", growth: 32, first: 64, [6, 12, 32, 32]),
        Entry("DenseNet201", growth: 32, first: 64, [6, 12, 48, 32]),
        Cifar("DenseNet40_k12", [], new(12, 16, [12, 12, 12], Bottlenecks: false)),
        Cifar("DenseNet100_k12", [], new(12, 16, [32, 32, 32], Bottlenecks: false)),
        Cifar("DenseNetBC100_k12", ["densenet_bc100_k12"], new(12, 24, [16, 16, 16])),
        Cifar("DenseNetBC190_k40", ["densenet_bc190_k40"], new(40, 80, [31, 31, 31])),
        Cifar("DenseNetBC250_k24", ["densenet_bc250_k24"], new(24, 48, [41, 41, 41])),
    ];

    /// <param name="First">Channels before the first block.</param>
    /// <param name="Layers">In each block.</param>
    /// <param name="Bottlenecks">A 1x1 convolution in each layer, and half as many channels behind each block.</param>
    private sealed record Form(int Growth, int First, int[] Layers, bool Bottlenecks = true)
    {
        public Initializer Convolutions { get; init; } = new Initializer.KaimingNormal(Fan.Out);
    }

    private static Architecture Entry(string name, int growth, int first, int[] layers)
    {
        Form form = new(growth, first, layers) { Convolutions = new Initializer.KaimingNormal(Fan.In) };
        return new(name, nameof(DenseNet), new Shape(3, 224, 224), 1000, "Huang et al. 2016", "000, 002",
            (input, classes, options) => Build(Stemmed(input, options.Stem ?? Stems.For(input), form), classes, form))
        {
            Defaults = input => new() { Stem = Stems.For(input) },
        };
    }

    private static Architecture Cifar(string name, string[] aliases, Form form) =>
        new(name, nameof(DenseNet), new Shape(3, 32, 32), 10, "Huang et al. 2016", "000, 002",
            (input, classes, options) => Build(
                new GraphBuilder(input).Convolution(Stem.Conv3x3, "features.conv0", form.First, form.Convolutions),
                classes, form, options.Dropout ?? 0))
        {
            Aliases = aliases,
            Defaults = _ => new() { Dropout = 0 },
        };

    private static GraphBuilder Stemmed(Shape input, Stem stem, Form form) => new GraphBuilder(input)
        .Convolution(stem, "features.conv0", form.First, form.Convolutions)
        .Then("features.norm0", new BatchNorm2d())
        .Then("features.relu0", new Activate(Activation.ReLU))
        .Pool(stem, "features.pool0");

    private static Graph Build(GraphBuilder network, int classes, Form form, double dropout = 0)
    {
        int channels = form.First;
        for (int block = 1; block <= form.Layers.Length; block++)
        {
            for (int layer = 1; layer <= form.Layers[block - 1]; layer++)
            {
                Layer(network, $"features.denseblock{block}.denselayer{layer}", form, dropout);
                channels += form.Growth;
            }

            if (block < form.Layers.Length)
            {
                channels = form.Bottlenecks ? channels / 2 : channels;
                Transition(network, $"features.transition{block}", channels, form, dropout);
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

    private static void Layer(GraphBuilder network, string name, Form form, double dropout)
    {
        string input = network.Last;
        network.Then($"{name}.norm1", new BatchNorm2d()).Then($"{name}.relu1", new Activate(Activation.ReLU));
        if (form.Bottlenecks)
        {
            network.Then($"{name}.conv1", Convolution(BottleneckWidth * form.Growth, 1, form));
            Drop(network, $"{name}.dropout1", dropout);
            network
                .Then($"{name}.norm2", new BatchNorm2d())
                .Then($"{name}.relu2", new Activate(Activation.ReLU))
                .Then($"{name}.conv2", Convolution(form.Growth, 3, form));
        }
        else
        {
            network.Then($"{name}.conv1", Convolution(form.Growth, 3, form));
        }

        Drop(network, $"{name}.dropout", dropout);
        network.Add($"{name}.concat", new Concat(), input, network.Last);
    }

    private static void Transition(GraphBuilder network, string name, int channels, Form form, double dropout)
    {
        network
            .Then($"{name}.norm", new BatchNorm2d())
            .Then($"{name}.relu", new Activate(Activation.ReLU))
            .Then($"{name}.conv", Convolution(channels, 1, form));
        Drop(network, $"{name}.dropout", dropout);
        network.Then($"{name}.pool", new AvgPool2d(2));
    }

    private static void Drop(GraphBuilder network, string name, double dropout)
    {
        if (dropout > 0)
        {
            network.Then(name, new Dropout(dropout));
        }
    }

    private static Conv2d Convolution(int filters, int kernel, Form form) =>
        new(filters, kernel) { Padding = kernel / 2, Bias = false, WeightInitializer = form.Convolutions };
}
