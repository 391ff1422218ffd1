using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// MobileNetV3 (Howard et al.: "Searching for MobileNetV3", 2019): MobileNetV2's blocks with squeeze and excitation inside
/// and hard activations. Names of weights, batch norm's numbers and initialisation are torchvision's.
/// </summary>
public static class MobileNetV3
{
    private static readonly Initializer Zero = new Initializer.Constant(0);

    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        Entry("MobileNetV3Large", "mobilenet_v3_large", features: 1280,
        [
            new(3, 16, 16, false, Activation.ReLU, 1),
            new(3, 64, 24, false, Activation.ReLU, 2),
            new(3, 72, 24, false, Activation.ReLU, 1),
            new(5, 72, 40, true, Activation.ReLU, 2),
            new(5, 120, 40, true, Activation.ReLU, 1),
            new(5, 120, 40, true, Activation.ReLU, 1),
            new(3, 240, 80, false, Activation.HardSwish, 2),
            new(3, 200, 80, false, Activation.HardSwish, 1),
            new(3, 184, 80, false, Activation.HardSwish, 1),
            new(3, 184, 80, false, Activation.HardSwish, 1),
            new(3, 480, 112, true, Activation.HardSwish, 1),
            new(3, 672, 112, true, Activation.HardSwish, 1),
            new(5, 672, 160, true, Activation.HardSwish, 2),
            new(5, 960, 160, true, Activation.HardSwish, 1),
            new(5, 960, 160, true, Activation.HardSwish, 1),
        ]),
        Entry("MobileNetV3Small", "mobilenet_v3_small", features: 1024,
        [
            new(3, 16, 16, true, Activation.ReLU, 2),
            new(3, 72, 24, false, Activation.ReLU, 2),
            new(3, 88, 24, false, Activation.ReLU, 1),
            new(5, 96, 40, true, Activation.HardSwish, 2),
            new(5, 240, 40, true, Activation.HardSwish, 1),
            new(5, 240, 40, true, Activation.HardSwish, 1),
            new(5, 120, 48, true, Activation.HardSwish, 1),
            new(5, 144, 48, true, Activation.HardSwish, 1),
            new(5, 288, 96, true, Activation.HardSwish, 2),
            new(5, 576, 96, true, Activation.HardSwish, 1),
            new(5, 576, 96, true, Activation.HardSwish, 1),
        ]),
    ];

    /// <summary>A row of the paper's tables 1 and 2.</summary>
    /// <param name="Wide">Channels between the first and the last 1x1 convolution.</param>
    private sealed record Row(int Kernel, int Wide, int Channels, bool SqueezeExcitation, Activation Activation, int Stride);

    private static Architecture Entry(string name, string alias, int features, Row[] rows) =>
        new(name, nameof(MobileNetV3), new Shape(3, 224, 224), 1000, "Howard et al. 2019", "",
            (input, classes) => Build(input, classes, features, rows))
        {
            Aliases = [alias],
        };

    private static Graph Build(Shape input, int classes, int features, Row[] rows)
    {
        GraphBuilder network = new(input);
        int channels = 16;
        Convolve(network, "features.0", Convolution(channels, 3, stride: 2), Activation.HardSwish);
        for (int i = 0; i < rows.Length; i++)
        {
            Block(network, $"features.{i + 1}.block", channels, rows[i]);
            channels = rows[i].Channels;
        }

        Convolve(network, $"features.{rows.Length + 1}", Convolution(channels * 6, 1), Activation.HardSwish);
        return network
            .Then("avgpool", new AdaptiveAvgPool2d(1))
            .Then("flatten", new Flatten())
            .Then("classifier.0", Features(features))
            .Then("classifier.1", new Activate(Activation.HardSwish))
            .Then("classifier.2", new Dropout(0.2))
            .Then("classifier.3", Features(classes))
            .Build();
    }

    private static void Block(GraphBuilder network, string name, int channels, Row row)
    {
        string input = network.Last;
        int part = 0;
        if (row.Wide != channels)
        {
            Convolve(network, $"{name}.{part++}", Convolution(row.Wide, 1), row.Activation);
        }

        Conv2d depthwise = Convolution(row.Wide, row.Kernel, row.Stride) with { Groups = row.Wide };
        Convolve(network, $"{name}.{part++}", depthwise, row.Activation);
        if (row.SqueezeExcitation)
        {
            network.SqueezeAndExcite($"{name}.{part++}", row.Wide, Divisible(row.Wide / 4), Activation.HardSigmoid, Zero);
        }

        Convolve(network, $"{name}.{part}", Convolution(row.Channels, 1), activation: null);
        if (row.Stride == 1 && channels == row.Channels)
        {
            network.Add($"{name}.add", new Add(), network.Last, input);
        }
    }

    /// <summary>The nearest multiple of 8 that is not below nine tenths.</summary>
    private static int Divisible(int channels)
    {
        int rounded = Math.Max(8, (channels + 4) / 8 * 8);
        return rounded < 0.9 * channels ? rounded + 8 : rounded;
    }

    private static void Convolve(GraphBuilder network, string name, Conv2d convolution, Activation? activation)
    {
        network.Then($"{name}.0", convolution).Then($"{name}.1", new BatchNorm2d { Epsilon = 0.001, Momentum = 0.01 });
        if (activation is { } function)
        {
            network.Then($"{name}.2", new Activate(function));
        }
    }

    private static Conv2d Convolution(int filters, int kernel, int stride = 1) => new(filters, kernel)
    {
        Stride = stride,
        Padding = kernel / 2,
        Bias = false,
        WeightInitializer = new Initializer.KaimingNormal(Fan.Out),
    };

    private static Linear Features(int count) =>
        new(count) { WeightInitializer = new Initializer.Normal(0.01), BiasInitializer = Zero };
}
