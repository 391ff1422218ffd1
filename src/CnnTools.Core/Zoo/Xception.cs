using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// Xception (Chollet: "Xception: Deep Learning with Depthwise Separable Convolutions", 2016; seed 003): each channel is
/// filtered by itself, then 1x1 convolutions join the channels, in blocks beside a shortcut. Names of weights and
/// initialisation are timm's (its legacy_xception); dropout is the paper's.
/// </summary>
public static class Xception
{
    private static readonly Initializer Convolutions = new Initializer.KaimingNormal(Fan.Out);

    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new("Xception", nameof(Xception), new Shape(3, 299, 299), 1000, "Chollet 2016", "003", Build),
    ];

    public static Graph Build(Shape input, int classes)
    {
        GraphBuilder network = new(input);
        First(network, 1, 32, stride: 2);
        First(network, 2, 64, stride: 1);
        Block(network, "block1", 64, [128, 128], stride: 2);
        Block(network, "block2", 128, [256, 256], stride: 2);
        Block(network, "block3", 256, [728, 728], stride: 2);
        for (int number = 4; number <= 11; number++)
        {
            Block(network, $"block{number}", 728, [728, 728, 728], stride: 1);
        }

        Block(network, "block12", 728, [728, 1024], stride: 2);
        Last(network, 3, 1024, 1536);
        Last(network, 4, 1536, 2048);
        return network
            .Then("global_pool", new AdaptiveAvgPool2d(1))
            .Then("flatten", new Flatten())
            .Then("dropout", new Dropout(0.5))
            .Then("fc", new Linear(classes))
            .Build();
    }

    private static void First(GraphBuilder network, int number, int filters, int stride) => network
        .Then($"conv{number}", Convolution(filters, 3) with { Stride = stride })
        .Then($"bn{number}", new BatchNorm2d())
        .Then($"act{number}", new Activate(Activation.ReLU));

    private static void Last(GraphBuilder network, int number, int channels, int filters)
    {
        Separable(network, $"conv{number}", channels, filters);
        network.Then($"bn{number}", new BatchNorm2d()).Then($"act{number}", new Activate(Activation.ReLU));
    }

    /// <summary>
    /// Separable convolutions, each behind a ReLU, beside a shortcut; a stride is that of a pooling at their end and of a
    /// 1x1 convolution in the shortcut.
    /// </summary>
    private static void Block(GraphBuilder network, string name, int channels, int[] filters, int stride)
    {
        string input = network.Last;
        string shortcut = input;
        if (stride != 1)
        {
            network
                .Then($"{name}.skip", Convolution(filters[^1], 1) with { Stride = stride })
                .Then($"{name}.skipbn", new BatchNorm2d());
            shortcut = network.Last;
            network.From(input);
        }

        int part = 0;
        foreach (int outChannels in filters)
        {
            // The first block follows a ReLU.
            if (part > 0 || name != "block1")
            {
                network.Then($"{name}.rep.{part++}", new Activate(Activation.ReLU));
            }

            Separable(network, $"{name}.rep.{part++}", channels, outChannels);
            network.Then($"{name}.rep.{part++}", new BatchNorm2d());
            channels = outChannels;
        }

        if (stride != 1)
        {
            network.Then($"{name}.rep.{part}", new MaxPool2d(3) { Stride = stride, Padding = 1 });
        }

        network.Add($"{name}.add", new Add(), network.Last, shortcut);
    }

    private static void Separable(GraphBuilder network, string name, int channels, int filters) => network
        .Then($"{name}.conv1", Convolution(channels, 3) with { Padding = 1, Groups = channels })
        .Then($"{name}.pointwise", Convolution(filters, 1));

    private static Conv2d Convolution(int filters, int kernel) =>
        new(filters, kernel) { Bias = false, WeightInitializer = Convolutions };
}
