using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// Inception-ResNet (Szegedy et al.: "Inception-v4, Inception-ResNet and the Impact of Residual Connections on Learning",
/// 2016; seed 003): what a module finds is brought back to the input's channels by a 1x1 convolution with bias, scaled
/// down and added to the input. Dropout is the paper's (0.8 kept).
/// Version 1 is the paper's, 5, 10 and 5 modules, with weights named after timm's version 2.
/// Version 2 is timm's, after its authors' code: 10, 20 and 10 modules, version 3's stem, one module with pooling before
/// the residual ones; the last module is neither scaled nor followed by ReLU. The paper's figures have 5, 10 and 5 modules
/// behind version 4's stem.
/// </summary>
public static class InceptionResNet
{
    // Within the paper's range of 0.1 to 0.3; the values are the authors' code's.
    private const double ScaleA = 0.17;
    private const double ScaleB = 0.1;
    private const double ScaleC = 0.2;

    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        Entry("InceptionResNetV1", "inception_resnet_v1", Version1),
        Entry("InceptionResNetV2", "inception_resnet_v2", Version2),
    ];

    public static Graph Version1(Shape input, int classes)
    {
        InceptionBuilder network = Stem(input).Valid("conv2d_4b", 256, 3, stride: 2);
        Repeat(network, "repeat", 5, 256, ScaleA, module => ModuleA(module, middle: 32, last: 32));
        ReductionA(network, first: 192, last: 256);
        Repeat(network, "repeat_1", 10, 896, ScaleB, module => ModuleB(module, direct: 128, middle: 128, last: 128));
        ReductionB(network, middle: 256, last: 256);
        Repeat(network, "repeat_2", 5, 1792, ScaleC, module => ModuleC(module, middle: 192, last: 192));
        return Classify(network, classes);
    }

    public static Graph Version2(Shape input, int classes)
    {
        InceptionBuilder network = Stem(input)
            .MaxPool("maxpool_5a")
            .Module("mixed_5b")
            .Branch().Same("branch0", 96, 1)
            .Branch().Same("branch1.0", 48, 1).Same("branch1.1", 64, 5)
            .Branch().Same("branch2.0", 64, 1).Same("branch2.1", 96, 3).Same("branch2.2", 96, 3)
            .Branch().AvgPool("branch3.0").Same("branch3.1", 64, 1)
            .Concat();
        Repeat(network, "repeat", 10, 320, ScaleA, module => ModuleA(module, middle: 48, last: 64));
        ReductionA(network, first: 256, last: 384);
        Repeat(network, "repeat_1", 20, 1088, ScaleB, module => ModuleB(module, direct: 192, middle: 160, last: 192));
        ReductionB(network, middle: 288, last: 320);
        Repeat(network, "repeat_2", 9, 2080, ScaleC, module => ModuleC(module, middle: 224, last: 256));
        Residual(network, "block8", 2080, scale: 1, module => ModuleC(module, middle: 224, last: 256));
        return Classify(network.Same("conv2d_7b", 1536, 1), classes);
    }

    private static Architecture Entry(string name, string alias, Func<Shape, int, Graph> build) =>
        new(name, nameof(InceptionResNet), new Shape(3, 299, 299), 1000, "Szegedy et al. 2016", "003", build)
        {
            Aliases = [alias],
        };

    private static InceptionBuilder Stem(Shape input) => new InceptionBuilder(input)
        .Valid("conv2d_1a", 32, 3, stride: 2)
        .Valid("conv2d_2a", 32, 3)
        .Same("conv2d_2b", 64, 3)
        .MaxPool("maxpool_3a")
        .Valid("conv2d_3b", 80, 1)
        .Valid("conv2d_4a", 192, 3);

    private static Graph Classify(InceptionBuilder network, int classes) => network.Network
        .Then("global_pool", new AdaptiveAvgPool2d(1))
        .Then("flatten", new Flatten())
        .Then("head_drop", new Dropout(0.2))
        .Then("classif", new Linear(classes))
        .Build();

    private static void Repeat(
        InceptionBuilder network, string name, int times, int channels, double scale, Action<InceptionBuilder> module)
    {
        for (int i = 0; i < times; i++)
        {
            Residual(network, $"{name}.{i}", channels, scale, module);
            network.Then($"{name}.{i}.act", new Activate(Activation.ReLU));
        }
    }

    private static void Residual(
        InceptionBuilder network, string name, int channels, double scale, Action<InceptionBuilder> module)
    {
        string input = network.Network.Last;
        module(network.Module(name));
        network.Then($"{name}.conv2d", new Conv2d(channels, 1));
        if (scale != 1)
        {
            network.Then($"{name}.scale", new Affine(scale));
        }

        network.Network.Add($"{name}.add", new Add(), network.Network.Last, input);
    }

    private static void ModuleA(InceptionBuilder module, int middle, int last) => module
        .Branch().Same("branch0", 32, 1)
        .Branch().Same("branch1.0", 32, 1).Same("branch1.1", 32, 3)
        .Branch().Same("branch2.0", 32, 1).Same("branch2.1", middle, 3).Same("branch2.2", last, 3)
        .Concat();

    private static void ModuleB(InceptionBuilder module, int direct, int middle, int last) => module
        .Branch().Same("branch0", direct, 1)
        .Branch().Same("branch1.0", 128, 1).Same("branch1.1", middle, new(1, 7)).Same("branch1.2", last, new(7, 1))
        .Concat();

    private static void ModuleC(InceptionBuilder module, int middle, int last) => module
        .Branch().Same("branch0", 192, 1)
        .Branch().Same("branch1.0", 192, 1).Same("branch1.1", middle, new(1, 3)).Same("branch1.2", last, new(3, 1))
        .Concat();

    private static void ReductionA(InceptionBuilder network, int first, int last) => network
        .Module("mixed_6a")
        .Branch().Valid("branch0", 384, 3, stride: 2)
        .Branch().Same("branch1.0", first, 1).Same("branch1.1", first, 3).Valid("branch1.2", last, 3, stride: 2)
        .Branch().MaxPool("branch2")
        .Concat();

    private static void ReductionB(InceptionBuilder network, int middle, int last) => network
        .Module("mixed_7a")
        .Branch().Same("branch0.0", 256, 1).Valid("branch0.1", 384, 3, stride: 2)
        .Branch().Same("branch1.0", 256, 1).Valid("branch1.1", middle, 3, stride: 2)
        .Branch().Same("branch2.0", 256, 1).Same("branch2.1", middle, 3).Valid("branch2.2", last, 3, stride: 2)
        .Branch().MaxPool("branch3")
        .Concat();
}
