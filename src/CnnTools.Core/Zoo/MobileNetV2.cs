using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// MobileNetV2 (Sandler et al.: "Inverted Residuals and Linear Bottlenecks", 2018; seed 003): blocks that widen with 1x1
/// convolutions, filter each channel by itself, and narrow again without an activation. Names of weights and
/// initialisation are torchvision's.
/// </summary>
public static class MobileNetV2
{
    /// <summary>The paper's table 2: how much a stage's blocks widen, their channels, how many there are, the first one's stride.</summary>
    private static readonly (int Widening, int Channels, int Blocks, int Stride)[] Stages =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new("MobileNetV2", nameof(MobileNetV2), new Shape(3, 224, 224), 1000, "Sandler et al. 2018", "003", Build)
        {
            Aliases = ["mobilenet_v2"],
        },
    ];

    public static Graph Build(Shape input, int classes)
    {
        GraphBuilder network = new(input);
        Convolve(network, "features.0", 32, kernel: 3, stride: 2);
        int channels = 32;
        int number = 1;
        foreach ((int widening, int outChannels, int blocks, int stride) in Stages)
        {
            for (int block = 0; block < blocks; block++)
            {
                Block(network, $"features.{number++}", channels, outChannels, widening, block == 0 ? stride : 1);
                channels = outChannels;
            }
        }

        Convolve(network, $"features.{number}", 1280, kernel: 1);
        return network
            .Then("avgpool", new AdaptiveAvgPool2d(1))
            .Then("flatten", new Flatten())
            .Then("classifier.0", new Dropout(0.2))
            .Then("classifier.1", new Linear(classes)
            {
                WeightInitializer = new Initializer.Normal(0.01),
                BiasInitializer = new Initializer.Constant(0),
            })
            .Build();
    }

    private static void Block(GraphBuilder network, string name, int channels, int outChannels, int widening, int stride)
    {
        string input = network.Last;
        int part = 0;
        if (widening != 1)
        {
            Convolve(network, $"{name}.conv.{part++}", channels * widening, kernel: 1);
        }

        Convolve(network, $"{name}.conv.{part++}", channels * widening, kernel: 3, stride, groups: channels * widening);
        network
            .Then($"{name}.conv.{part++}", Convolution(outChannels, 1, stride: 1, groups: 1))
            .Then($"{name}.conv.{part}", new BatchNorm2d());
        if (stride == 1 && channels == outChannels)
        {
            network.Add($"{name}.add", new Add(), network.Last, input);
        }
    }

    private static void Convolve(GraphBuilder network, string name, int filters, int kernel, int stride = 1, int groups = 1) => network
        .Then($"{name}.0", Convolution(filters, kernel, stride, groups))
        .Then($"{name}.1", new BatchNorm2d())
        .Then($"{name}.2", new Activate(Activation.ReLU6));

    private static Conv2d Convolution(int filters, int kernel, int stride, int groups) => new(filters, kernel)
    {
        Stride = stride,
        Padding = kernel / 2,
        Groups = groups,
        Bias = false,
        WeightInitializer = new Initializer.KaimingNormal(Fan.Out),
    };
}
