using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// GoogLeNet (Szegedy et al.: "Going Deeper with Convolutions", 2014; seeds 000, 002 and 003): modules of convolutions of
/// several sizes side by side, and two auxiliary classifiers, which count 0.3 each. As torchvision has it: batch norm in
/// place of local response normalisation, 3x3 where the paper has 5x5, names of weights, initialisation. Torchvision's
/// published weights want their own normalisation (its transform_input): that belongs to the images and is not in the
/// network. <c>GoogLeNet5x5</c> has the paper's 5x5.
/// <c>SEGoogLeNet</c> scales the channels of each module by what their means say (Hu et al.: "Squeeze-and-Excitation
/// Networks", 2017; seed 003), and has no auxiliary classifiers.
/// </summary>
public static class GoogLeNet
{
    private const double AuxiliaryWeight = 0.3;

    /// <summary>How many times fewer features than channels a squeeze has.</summary>
    private const int Reduction = 16;

    private static readonly Initializer Weights = new Initializer.TruncatedNormal(0.01);

    /// <summary>The paper's table 1, from one pooling to the next.</summary>
    private static readonly Filters[][] Stages =
    [
        [new("3a", 64, 96, 128, 16, 32, 32), new("3b", 128, 128, 192, 32, 96, 64)],
        [
            new("4a", 192, 96, 208, 16, 48, 64), new("4b", 160, 112, 224, 24, 64, 64), new("4c", 128, 128, 256, 24, 64, 64),
            new("4d", 112, 144, 288, 32, 64, 64), new("4e", 256, 160, 320, 32, 128, 128),
        ],
        [new("5a", 256, 160, 320, 32, 128, 128), new("5b", 384, 192, 384, 48, 128, 128)],
    ];

    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        Entry("GoogLeNet", largeKernel: 3),
        Entry("GoogLeNet5x5", largeKernel: 5),
        new("SEGoogLeNet", nameof(GoogLeNet), new Shape(3, 224, 224), 1000, "Hu et al. 2017", "003",
            (input, classes) => Build(input, classes, largeKernel: 3, heads: false, excite: true))
        {
            Aliases = ["se_googlenet"],
        },
    ];

    /// <summary>How many a module has: 1x1; 3x3 and the 1x1 before them; 5x5 and the 1x1 before them; 1x1 behind pooling.</summary>
    private sealed record Filters(string Module, int Ones, int Before3, int Threes, int Before5, int Fives, int BehindPool)
    {
        public int Sum => Ones + Threes + Fives + BehindPool;
    }

    private static Architecture Entry(string name, int largeKernel) =>
        new(name, nameof(GoogLeNet), new Shape(3, 224, 224), 1000, "Szegedy et al. 2014", "000, 002, 003",
            (input, classes, options) => Build(input, classes, largeKernel, options.AuxiliaryHeads ?? true, excite: false))
        {
            Defaults = _ => new() { AuxiliaryHeads = true },
        };

    private static Graph Build(Shape input, int classes, int largeKernel, bool heads, bool excite)
    {
        InceptionBuilder network = new InceptionBuilder(input, Weights)
            .Same("conv1", 64, 7, stride: 2)
            .Then("maxpool1", Pool(3))
            .Same("conv2", 64, 1)
            .Same("conv3", 192, 3)
            .Then("maxpool2", Pool(3));
        for (int stage = 0; stage < Stages.Length; stage++)
        {
            foreach (Filters filters in Stages[stage])
            {
                Module(network, $"inception{filters.Module}", filters, largeKernel);
                if (excite)
                {
                    network.Network.SqueezeAndExcite(
                        $"inception{filters.Module}.se", filters.Sum, filters.Sum / Reduction, Activation.Sigmoid, biases: null, Weights);
                }
            }

            if (stage < Stages.Length - 1)
            {
                network.Then($"maxpool{stage + 3}", Pool(stage == 0 ? 3 : 2));
            }
        }

        string last = network.Network.Last;
        if (heads)
        {
            Head(network, "aux1", "inception4a.concat", classes);
            Head(network, "aux2", "inception4d.concat", classes);
        }

        return network.Network
            .From(last)
            .Then("avgpool", new AdaptiveAvgPool2d(1))
            .Then("flatten", new Flatten())
            .Then("dropout", new Dropout(0.2))
            .Then("fc", FullyConnected(classes))
            .Build();
    }

    private static void Module(InceptionBuilder network, string name, Filters filters, int largeKernel) => network
        .Module(name)
        .Branch().Same("branch1", filters.Ones, 1)
        .Branch().Same("branch2.0", filters.Before3, 1).Same("branch2.1", filters.Threes, 3)
        .Branch().Same("branch3.0", filters.Before5, 1).Same("branch3.1", filters.Fives, largeKernel)
        .Branch().Then("branch4.0", new MaxPool2d(3) { Stride = 1, Padding = 1 }).Same("branch4.1", filters.BehindPool, 1)
        .Concat();

    /// <summary>An auxiliary classifier.</summary>
    private static void Head(InceptionBuilder network, string name, string behind, int classes)
    {
        network.Network.From(behind).Then($"{name}.avgpool", new AdaptiveAvgPool2d(4));
        network.Same($"{name}.conv", 128, 1).Network
            .Then($"{name}.flatten", new Flatten())
            .Then($"{name}.fc1", FullyConnected(1024))
            .Then($"{name}.relu", new Activate(Activation.ReLU))
            .Then($"{name}.dropout", new Dropout(0.7))
            .Then($"{name}.fc2", FullyConnected(classes))
            .Auxiliary(AuxiliaryWeight);
    }

    private static MaxPool2d Pool(int kernel) => new(kernel) { Stride = 2, CeilMode = true };

    private static Linear FullyConnected(int outputs) => new(outputs) { WeightInitializer = Weights };
}
