using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// Residual networks (He, Zhang, Ren, Sun: "Deep Residual Learning for Image Recognition", 2015; seeds 000 and 003), with
/// grouped convolutions (Xie et al.: "Aggregated Residual Transformations", 2016: ResNeXt) and wide ones (Zagoruyko,
/// Komodakis: "Wide Residual Networks", 2016). As torchvision has them: stride in the 3x3 convolution, names of weights,
/// initialisation. Images of at most 64 pixels get a first convolution of 3x3 and no first pooling.
/// </summary>
public static class ResNet
{
    private static readonly Initializer Convolutions = new Initializer.KaimingNormal(Fan.Out);

    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        Entry("ResNet18", "resnet18", "000, 003", new(false, [2, 2, 2, 2])),
        Entry("ResNet18Cifar", "resnet18_cifar", "003", new(false, [2, 2, 2, 2]), input: new(3, 32, 32), classes: 10),
        Entry("ResNet34", "resnet34", "000", new(false, [3, 4, 6, 3])),
        Entry("ResNet50", "resnet50", "000, 003", new(true, [3, 4, 6, 3])),
        Entry("ResNet101", "resnet101", "000", new(true, [3, 4, 23, 3])),
        Entry("ResNet152", "resnet152", "000", new(true, [3, 8, 36, 3])),
        Entry("ResNeXt50_32x4d", "resnext50_32x4d", "003", new(true, [3, 4, 6, 3], Groups: 32, WidthPerGroup: 4), "Xie et al. 2016"),
        Entry("ResNeXt101_32x8d", "resnext101_32x8d", "003", new(true, [3, 4, 23, 3], Groups: 32, WidthPerGroup: 8), "Xie et al. 2016"),
        Entry("WideResNet50_2", "wide_resnet50_2", "003", new(true, [3, 4, 6, 3], WidthPerGroup: 128), "Zagoruyko, Komodakis 2016"),
    ];

    internal static Architecture Entry(
        string name, string alias, string seed, Form form, string paper = "He et al. 2015", string family = nameof(ResNet),
        Shape? input = null, int classes = 1000) =>
        new(name, family, input ?? new Shape(3, 224, 224), classes, paper, seed,
            (input, classes, options) => Build(input, classes, options.Stem ?? Stems.For(input), form))
        {
            Aliases = name.Equals(alias, StringComparison.OrdinalIgnoreCase) ? [] : [alias],
            Defaults = input => new() { Stem = Stems.For(input) },
        };

    private static Graph Build(Shape input, int classes, Stem stem, Form form)
    {
        GraphBuilder network = new GraphBuilder(input)
            .Convolution(stem, "conv1", 64, Convolutions)
            .Then("bn1", new BatchNorm2d())
            .Then("relu", new Activate(Activation.ReLU))
            .Pool(stem, "maxpool");
        int channels = 64;
        for (int stage = 0; stage < form.Blocks.Length; stage++)
        {
            for (int block = 0; block < form.Blocks[stage]; block++)
            {
                int stride = stage > 0 && block == 0 ? 2 : 1;
                channels = Block(network, $"layer{stage + 1}.{block}", channels, 64 << stage, stride, form);
            }
        }

        return network
            .Then("avgpool", new AdaptiveAvgPool2d(1))
            .Then("flatten", new Flatten())
            .Then("fc", form.Classifier(classes))
            .Build();
    }

    /// <summary>Two or three convolutions beside a shortcut; gives the number of channels behind it.</summary>
    private static int Block(GraphBuilder network, string name, int channels, int planes, int stride, Form form)
    {
        string input = network.Last;
        int outChannels = form.Bottleneck ? planes * 4 : planes;
        if (form.Bottleneck)
        {
            int width = planes * form.WidthPerGroup / 64 * form.Groups;
            Convolve(1, width, kernel: 1);
            Relu(1);
            Convolve(2, width, kernel: 3, stride, form.Groups);
            Relu(2);
            Convolve(3, outChannels, kernel: 1);
        }
        else
        {
            Convolve(1, planes, kernel: 3, stride);
            Relu(1);
            Convolve(2, planes, kernel: 3);
        }

        string end = form.AttentionLast ? network.Last : Attend(network.Last);
        if (stride != 1 || channels != outChannels)
        {
            Conv2d projection = Convolution(outChannels, 1, stride, groups: 1) with { WeightInitializer = form.Projections };
            network.Add($"{name}.downsample.0", projection, input).Then($"{name}.downsample.1", new BatchNorm2d());
            input = network.Last;
        }

        end = form.AttentionLast ? Attend(end) : end;
        network.Add($"{name}.add", new Add(), end, input).Then($"{name}.relu", new Activate(Activation.ReLU));
        return outChannels;

        string Attend(string features)
        {
            network.From(features);
            form.Attention?.Invoke(network, name, outChannels);
            return network.Last;
        }

        void Convolve(int number, int filters, int kernel, int by = 1, int groups = 1) => network
            .Then($"{name}.conv{number}", Convolution(filters, kernel, by, groups))
            .Then($"{name}.bn{number}", new BatchNorm2d());

        void Relu(int number) => network.Then($"{name}.relu{number}", new Activate(Activation.ReLU));
    }

    private static Conv2d Convolution(int filters, int kernel, int stride, int groups) => new(filters, kernel)
    {
        Stride = stride,
        Padding = kernel / 2,
        Groups = groups,
        Bias = false,
        WeightInitializer = Convolutions,
    };

    /// <param name="Bottleneck">Blocks of 1x1, 3x3, 1x1 in place of two 3x3.</param>
    /// <param name="Blocks">In each of the four stages.</param>
    internal sealed record Form(bool Bottleneck, int[] Blocks, int Groups = 1, int WidthPerGroup = 64)
    {
        /// <summary>What a block's output goes through before the addition, given the block's name and its channels.</summary>
        public Action<GraphBuilder, string, int>? Attention { get; init; }

        /// <summary>Whether attention's weights come behind the shortcut's.</summary>
        public bool AttentionLast { get; init; }

        /// <summary>How 1x1 convolutions in shortcuts start.</summary>
        public Initializer? Projections { get; init; } = Convolutions;

        public Func<int, Linear> Classifier { get; init; } = classes => new(classes);
    }
}
