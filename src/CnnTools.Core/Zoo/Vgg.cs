using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// VGG (Simonyan, Zisserman: "Very Deep Convolutional Networks for Large-Scale Image Recognition", 2014; seed 000): 3x3
/// convolutions in five stages with pooling between them, configurations A, B, D and E, with or without batch norm. As
/// torchvision has them, whose names of weights count the layers.
/// </summary>
public static class Vgg
{
    private static readonly Initializer Zero = new Initializer.Constant(0);

    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        .. Entries(11, [1, 1, 2, 2, 2]),
        .. Entries(13, [2, 2, 2, 2, 2]),
        .. Entries(16, [2, 2, 3, 3, 3]),
        .. Entries(19, [2, 2, 4, 4, 4]),
    ];

    private static IEnumerable<Architecture> Entries(int layers, int[] convolutions) =>
    [
        Entry($"Vgg{layers}", [], convolutions, batchNorm: false),
        Entry($"Vgg{layers}Bn", [$"vgg{layers}_bn"], convolutions, batchNorm: true),
    ];

    private static Architecture Entry(string name, string[] aliases, int[] convolutions, bool batchNorm) =>
        new(name, nameof(Vgg), new Shape(3, 224, 224), 1000, "Simonyan, Zisserman 2014", "000",
            (input, classes) => Build(input, classes, convolutions, batchNorm))
        {
            Aliases = aliases,
        };

    private static Graph Build(Shape input, int classes, int[] convolutions, bool batchNorm)
    {
        GraphBuilder network = new(input);
        int number = 0;
        for (int stage = 0; stage < convolutions.Length; stage++)
        {
            for (int i = 0; i < convolutions[stage]; i++)
            {
                Add(new Conv2d(Math.Min(64 << stage, 512), 3)
                {
                    Padding = 1,
                    WeightInitializer = new Initializer.KaimingNormal(Fan.Out),
                    BiasInitializer = Zero,
                });
                if (batchNorm)
                {
                    Add(new BatchNorm2d());
                }

                Add(new Activate(Activation.ReLU));
            }

            Add(new MaxPool2d(2));
        }

        network.Then("avgpool", new AdaptiveAvgPool2d(7)).Then("flatten", new Flatten());
        return network
            .Then("classifier.0", Features(4096))
            .Then("classifier.1", new Activate(Activation.ReLU))
            .Then("classifier.2", new Dropout(0.5))
            .Then("classifier.3", Features(4096))
            .Then("classifier.4", new Activate(Activation.ReLU))
            .Then("classifier.5", new Dropout(0.5))
            .Then("classifier.6", Features(classes))
            .Build();

        void Add(Layer layer) => network.Then($"features.{number++}", layer);
    }

    private static Linear Features(int count) =>
        new(count) { WeightInitializer = new Initializer.Normal(0.01), BiasInitializer = Zero };
}
