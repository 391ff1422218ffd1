using CnnTools.Backends;

namespace CnnTools.Zoo;

/// <summary>
/// SE-ResNets (Hu, Shen, Sun: "Squeeze-and-Excitation Networks", 2017; seed 003): <see cref="ResNet"/> with each block's
/// channels weighted before the addition. Reduction 16, biases, names of weights as timm (layer1.0.se.fc1). Timm's
/// legacy_seresnet has as many parameters but is another network: stride in the first convolution, for one.
/// </summary>
public static class SEResNet
{
    private const int Reduction = 16;

    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        Entry("SEResNet18", bottleneck: false, [2, 2, 2, 2]),
        Entry("SEResNet34", bottleneck: false, [3, 4, 6, 3]),
        Entry("SEResNet50", bottleneck: true, [3, 4, 6, 3]),
        Entry("SEResNet101", bottleneck: true, [3, 4, 23, 3]),
    ];

    private static Architecture Entry(string name, bool bottleneck, int[] blocks)
    {
        ResNet.Form form = new(bottleneck, blocks)
        {
            Attention = (network, block, channels) =>
                network.SqueezeAndExcite($"{block}.se", channels, channels / Reduction, Activation.Sigmoid, biases: null),
        };
        return ResNet.Entry(name, name, "003", form, "Hu et al. 2017", nameof(SEResNet));
    }
}
