using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// MobileNet (Howard et al.: "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications", 2017;
/// seed 003): blocks that filter each channel by itself (depthwise), then mix them by 1x1 convolutions (pointwise). With
/// the paper's ReLU; its authors' code and timm have ReLU6. Initialisation is that of the authors' code, names of weights
/// are timm's. The last block has stride 1: the paper's table says 2, its sizes say 1.
/// </summary>
public static class MobileNetV1
{
    /// <summary>The paper's table 1: a stage's channels, how many blocks there are, the first one's stride.</summary>
    private static readonly (int Channels, int Blocks, int Stride)[] Stages =
        [(64, 1, 1), (128, 2, 2), (256, 2, 2), (512, 6, 2), (1024, 2, 2)];

    private static readonly Initializer Zero = new Initializer.Constant(0);
    private static readonly Initializer Weights = new Initializer.TruncatedNormal(0.09, Bound: 0.18);

    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new("MobileNetV1", nameof(MobileNetV1), new Shape(3, 224, 224), 1000, "Howard et al. 2017", "003", Build)
        {
            Aliases = ["mobilenet_v1"],
        },
    ];

    public static Graph Build(Shape input, int classes)
    {
        GraphBuilder network = new(input);
        Convolve(network, "conv_stem", "bn1", 32, kernel: 3, stride: 2);
        int channels = 32;
        for (int stage = 0; stage < Stages.Length; stage++)
        {
            (int outChannels, int blocks, int stride) = Stages[stage];
            for (int block = 0; block < blocks; block++)
            {
                string name = $"blocks.{stage}.{block}";
                int by = block == 0 ? stride : 1;
                Convolve(network, $"{name}.conv_dw", $"{name}.bn1", channels, kernel: 3, by, groups: channels);
                Convolve(network, $"{name}.conv_pw", $"{name}.bn2", outChannels, kernel: 1);
                channels = outChannels;
            }
        }

        return network
            .Then("avgpool", new AdaptiveAvgPool2d(1))
            .Then("flatten", new Flatten())
            .Then("classifier", new Linear(classes) { WeightInitializer = Weights, BiasInitializer = Zero })
            .Build();
    }

    private static void Convolve(
        GraphBuilder network, string name, string norm, int filters, int kernel, int stride = 1, int groups = 1) => network
        .Then(name, new Conv2d(filters, kernel)
        {
            Stride = stride,
            Padding = kernel / 2,
            Groups = groups,
            Bias = false,
            WeightInitializer = Weights,
        })
        .Then(norm, new BatchNorm2d())
        .Then($"{norm}.relu", new Activate(Activation.ReLU));
}
