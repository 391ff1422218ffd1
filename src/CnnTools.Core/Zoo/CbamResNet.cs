using CnnTools.Graphs;

namespace CnnTools.Zoo;

/// <summary>
/// CBAM-ResNets (Woo, Park, Lee, Kweon: "CBAM: Convolutional Block Attention Module", 2018; seed 003):
/// <see cref="ResNet"/> with each block's channels, then its pixels weighted before the addition. As the authors' code:
/// reduction 16, biases in the shared perceptron, batch norm in the spatial gate (starting at 0, so that the gate starts
/// at one half), names of weights, initialisation.
/// </summary>
public static class CbamResNet
{
    private const int Reduction = 16;

    private static readonly Initializer Zero = new Initializer.Constant(0);

    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        Entry("CbamResNet18", "cbam_resnet18", bottleneck: false, [2, 2, 2, 2]),
        Entry("CbamResNet34", "cbam_resnet34", bottleneck: false, [3, 4, 6, 3]),
        Entry("CbamResNet50", "cbam_resnet50", bottleneck: true, [3, 4, 6, 3]),
    ];

    private static Architecture Entry(string name, string alias, bool bottleneck, int[] blocks)
    {
        ResNet.Form form = new(bottleneck, blocks)
        {
            Attention = (network, block, _) => network.AttendToChannelsAndPixels($"{block}.cbam", Reduction),
            AttentionLast = true,
            Projections = null,
            Classifier = classes =>
                new(classes) { WeightInitializer = new Initializer.KaimingNormal(Fan.In), BiasInitializer = Zero },
        };
        return ResNet.Entry(name, alias, "003", form, "Woo et al. 2018", nameof(CbamResNet));
    }
}
