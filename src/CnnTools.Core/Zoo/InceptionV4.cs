using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// Inception v4 (Szegedy et al.: "Inception-v4, Inception-ResNet and the Impact of Residual Connections on Learning",
/// 2016; seed 003): a stem with branches, then more and plainer modules than version 3's. Names of weights are timm's;
/// dropout is the paper's (0.8 kept).
/// </summary>
public static class InceptionV4
{
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new("InceptionV4", nameof(InceptionV4), new Shape(3, 299, 299), 1000, "Szegedy et al. 2016", "003", Build)
        {
            Aliases = ["inception_v4"],
        },
    ];

    public static Graph Build(Shape input, int classes)
    {
        InceptionBuilder network = new(input);
        int number = 0;
        Stem(network, ref number);
        Repeat(4, ModuleA);
        Repeat(1, ReductionA);
        Repeat(7, ModuleB);
        Repeat(1, ReductionB);
        Repeat(3, ModuleC);
        return network.Network
            .Then("global_pool", new AdaptiveAvgPool2d(1))
            .Then("flatten", new Flatten())
            .Then("head_drop", new Dropout(0.2))
            .Then("last_linear", new Linear(classes))
            .Build();

        void Repeat(int times, Action<InceptionBuilder> module)
        {
            for (int i = 0; i < times; i++)
            {
                module(network.Module($"features.{number++}"));
            }
        }
    }

    private static void Stem(InceptionBuilder network, ref int number) => network
        .Valid($"features.{number++}", 32, 3, stride: 2)
        .Valid($"features.{number++}", 32, 3)
        .Same($"features.{number++}", 64, 3)
        .Module($"features.{number++}")
        .Branch().MaxPool("maxpool")
        .Branch().Valid("conv", 96, 3, stride: 2)
        .Concat()
        .Module($"features.{number++}")
        .Branch().Same("branch0.0", 64, 1).Valid("branch0.1", 96, 3)
        .Branch()
            .Same("branch1.0", 64, 1).Same("branch1.1", 64, new(1, 7)).Same("branch1.2", 64, new(7, 1))
            .Valid("branch1.3", 96, 3)
        .Concat()
        .Module($"features.{number++}")
        .Branch().Valid("conv", 192, 3, stride: 2)
        .Branch().MaxPool("maxpool")
        .Concat();

    private static void ModuleA(InceptionBuilder module) => module
        .Branch().Same("branch0", 96, 1)
        .Branch().Same("branch1.0", 64, 1).Same("branch1.1", 96, 3)
        .Branch().Same("branch2.0", 64, 1).Same("branch2.1", 96, 3).Same("branch2.2", 96, 3)
        .Branch().AvgPool("branch3.0").Same("branch3.1", 96, 1)
        .Concat();

    private static void ReductionA(InceptionBuilder module) => module
        .Branch().Valid("branch0", 384, 3, stride: 2)
        .Branch().Same("branch1.0", 192, 1).Same("branch1.1", 224, 3).Valid("branch1.2", 256, 3, stride: 2)
        .Branch().MaxPool("branch2")
        .Concat();

    private static void ModuleB(InceptionBuilder module) => module
        .Branch().Same("branch0", 384, 1)
        .Branch().Same("branch1.0", 192, 1).Same("branch1.1", 224, new(1, 7)).Same("branch1.2", 256, new(7, 1))
        .Branch()
            .Same("branch2.0", 192, 1)
            .Same("branch2.1", 192, new(7, 1)).Same("branch2.2", 224, new(1, 7))
            .Same("branch2.3", 224, new(7, 1)).Same("branch2.4", 256, new(1, 7))
        .Branch().AvgPool("branch3.0").Same("branch3.1", 128, 1)
        .Concat();

    private static void ReductionB(InceptionBuilder module) => module
        .Branch().Same("branch0.0", 192, 1).Valid("branch0.1", 192, 3, stride: 2)
        .Branch()
            .Same("branch1.0", 256, 1).Same("branch1.1", 256, new(1, 7)).Same("branch1.2", 320, new(7, 1))
            .Valid("branch1.3", 320, 3, stride: 2)
        .Branch().MaxPool("branch2")
        .Concat();

    private static void ModuleC(InceptionBuilder module) => module
        .Branch().Same("branch0", 256, 1)
        .Branch().Same("branch1_0", 384, 1).Same("branch1_1a", 256, new(1, 3))
        .Branch(behind: "branch1_0").Same("branch1_1b", 256, new(3, 1))
        .Branch()
            .Same("branch2_0", 384, 1).Same("branch2_1", 448, new(3, 1)).Same("branch2_2", 512, new(1, 3))
            .Same("branch2_3a", 256, new(1, 3))
        .Branch(behind: "branch2_2").Same("branch2_3b", 256, new(3, 1))
        .Branch().AvgPool("branch3.0").Same("branch3.1", 256, 1)
        .Concat();
}
