using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// Inception v2 and v3 (Szegedy et al.: "Rethinking the Inception Architecture for Computer Vision", 2015; seed 003): large
/// kernels are factorised, 5x5 into two of 3x3 (the paper's figure 5), 7x7 into 1x7 and 7x1 (figure 6), 3x3 into 1x3 and
/// 3x1 side by side (figure 7). Version 3 is torchvision's, which keeps a 5x5 in its first modules: its names of weights,
/// its initialisation, an auxiliary classifier that counts 0.3, and the paper's label smoothing of 0.1. The classifier
/// needs images of 299 pixels; smaller ones, of at least 75, go without it unless asked for. Torchvision's published weights
/// want their own normalisation (its transform_input): that belongs to the images and is not in the network. Version 2 is
/// the same with those 5x5 factorised as well, and without classifier and smoothing; it is not "BN-Inception" (Ioffe,
/// Szegedy 2015), which bears the same name elsewhere.
/// </summary>
public static class InceptionV3
{
    private const double AuxiliaryWeight = 0.3;

    /// <summary>The least side of an image of which the auxiliary classifier's windows leave something.</summary>
    private const int LeastSideForHead = 299;

    private static readonly Initializer Weights = new Initializer.TruncatedNormal(0.1);

    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new("InceptionV2", nameof(InceptionV3), new Shape(3, 299, 299), 1000, "Szegedy et al. 2015", "003",
            (input, classes) => Build(input, classes, factorised: true, head: false))
        {
            Aliases = ["inception_v2"],
        },
        new("InceptionV3", nameof(InceptionV3), new Shape(3, 299, 299), 1000, "Szegedy et al. 2015", "003",
            (input, classes, options) => Build(input, classes, factorised: false, options.AuxiliaryHeads ?? true))
        {
            Aliases = ["inception_v3"],
            Defaults = input => new()
            {
                AuxiliaryHeads = input.Rank == 3 && Math.Min(input.Height, input.Width) >= LeastSideForHead,
            },
            LabelSmoothing = 0.1,
        },
    ];

    /// <param name="factorised">Whether the first modules have two 3x3 in place of their 5x5.</param>
    private static Graph Build(Shape input, int classes, bool factorised, bool head)
    {
        InceptionBuilder network = new InceptionBuilder(input, Weights)
            .Valid("Conv2d_1a_3x3", 32, 3, stride: 2)
            .Valid("Conv2d_2a_3x3", 32, 3)
            .Same("Conv2d_2b_3x3", 64, 3)
            .MaxPool("maxpool1")
            .Valid("Conv2d_3b_1x1", 80, 1)
            .Valid("Conv2d_4a_3x3", 192, 3)
            .MaxPool("maxpool2");
        ModuleA(network, "Mixed_5b", factorised, behindPool: 32);
        ModuleA(network, "Mixed_5c", factorised, behindPool: 64);
        ModuleA(network, "Mixed_5d", factorised, behindPool: 64);
        ReductionA(network, "Mixed_6a");
        ModuleB(network, "Mixed_6b", 128);
        ModuleB(network, "Mixed_6c", 160);
        ModuleB(network, "Mixed_6d", 160);
        ModuleB(network, "Mixed_6e", 192);
        if (head)
        {
            Head(network, classes);
        }

        ReductionB(network, "Mixed_7a");
        ModuleC(network, "Mixed_7b");
        ModuleC(network, "Mixed_7c");
        return network.Network
            .Then("avgpool", new AdaptiveAvgPool2d(1))
            .Then("dropout", new Dropout(0.5))
            .Then("flatten", new Flatten())
            .Then("fc", new Linear(classes) { WeightInitializer = Weights })
            .Build();
    }

    private static void ModuleA(InceptionBuilder network, string name, bool factorised, int behindPool)
    {
        network
            .Module(name)
            .Branch().Same("branch1x1", 64, 1)
            .Branch().Same("branch5x5_1", 48, 1);
        if (factorised)
        {
            network.Same("branch5x5_2", 64, 3).Same("branch5x5_3", 64, 3);
        }
        else
        {
            network.Same("branch5x5_2", 64, 5);
        }

        network
            .Branch().Same("branch3x3dbl_1", 64, 1).Same("branch3x3dbl_2", 96, 3).Same("branch3x3dbl_3", 96, 3)
            .Branch().AvgPool("pool", countPadding: true).Same("branch_pool", behindPool, 1)
            .Concat();
    }

    private static void ReductionA(InceptionBuilder network, string name) => network
        .Module(name)
        .Branch().Valid("branch3x3", 384, 3, stride: 2)
        .Branch().Same("branch3x3dbl_1", 64, 1).Same("branch3x3dbl_2", 96, 3).Valid("branch3x3dbl_3", 96, 3, stride: 2)
        .Branch().MaxPool("pool")
        .Concat();

    /// <param name="width">Filters between the first 1x1 and the last convolution of each branch.</param>
    private static void ModuleB(InceptionBuilder network, string name, int width) => network
        .Module(name)
        .Branch().Same("branch1x1", 192, 1)
        .Branch()
            .Same("branch7x7_1", width, 1)
            .Same("branch7x7_2", width, new(1, 7)).Same("branch7x7_3", 192, new(7, 1))
        .Branch()
            .Same("branch7x7dbl_1", width, 1)
            .Same("branch7x7dbl_2", width, new(7, 1)).Same("branch7x7dbl_3", width, new(1, 7))
            .Same("branch7x7dbl_4", width, new(7, 1)).Same("branch7x7dbl_5", 192, new(1, 7))
        .Branch().AvgPool("pool", countPadding: true).Same("branch_pool", 192, 1)
        .Concat();

    private static void ReductionB(InceptionBuilder network, string name) => network
        .Module(name)
        .Branch().Same("branch3x3_1", 192, 1).Valid("branch3x3_2", 320, 3, stride: 2)
        .Branch()
            .Same("branch7x7x3_1", 192, 1)
            .Same("branch7x7x3_2", 192, new(1, 7)).Same("branch7x7x3_3", 192, new(7, 1))
            .Valid("branch7x7x3_4", 192, 3, stride: 2)
        .Branch().MaxPool("pool")
        .Concat();

    private static void ModuleC(InceptionBuilder network, string name) => network
        .Module(name)
        .Branch().Same("branch1x1", 320, 1)
        .Branch().Same("branch3x3_1", 384, 1).Same("branch3x3_2a", 384, new(1, 3))
        .Branch(behind: "branch3x3_1").Same("branch3x3_2b", 384, new(3, 1))
        .Branch().Same("branch3x3dbl_1", 448, 1).Same("branch3x3dbl_2", 384, 3).Same("branch3x3dbl_3a", 384, new(1, 3))
        .Branch(behind: "branch3x3dbl_2").Same("branch3x3dbl_3b", 384, new(3, 1))
        .Branch().AvgPool("pool", countPadding: true).Same("branch_pool", 192, 1)
        .Concat();

    /// <summary>The auxiliary classifier; the network goes on where it branches off.</summary>
    private static void Head(InceptionBuilder network, int classes)
    {
        string input = network.Network.Last;
        network
            .Then("AuxLogits.pool", new AvgPool2d(5) { Stride = 3 })
            .Valid("AuxLogits.conv0", 128, 1)
            .Valid("AuxLogits.conv1", 768, 5)
            .Network
            .Then("AuxLogits.avgpool", new AdaptiveAvgPool2d(1))
            .Then("AuxLogits.flatten", new Flatten())
            .Then("AuxLogits.fc", new Linear(classes) { WeightInitializer = new Initializer.TruncatedNormal(0.001) })
            .Auxiliary(AuxiliaryWeight)
            .From(input);
    }
}
