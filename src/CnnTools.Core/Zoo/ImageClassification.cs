using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// Seed 000's two networks for CIFAR-10: unpadded 3x3 convolutions with ReLU and 2x2 max pooling, then two hidden
/// fully connected layers. Layer names are the seed's. The optimised one is wider and drops out half of each hidden
/// layer.
/// </summary>
public static class ImageClassification
{
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new("ImageClassification", "ImageClassification", new Shape(3, 32, 32), 10, "Seed 000", "000", Small)
        {
            Aliases = ["seed000_image_classification"],
        },
        new("ImageClassificationOptimised", "ImageClassification", new Shape(3, 32, 32), 10, "Seed 000", "000", Optimised)
        {
            Aliases = ["seed000_image_classification_optimised", "ImageClassificationOptimized"],
        },
    ];

    /// <summary>6 and 16 filters, 120 and 84 features: 81,302 parameters at 3x32x32 and ten classes.</summary>
    public static Graph Small(Shape input, int classes) =>
        Build(input, classes, filters1: 6, filters2: 16, features1: 120, features2: 84, dropout: 0);

    /// <summary>32 and 128 filters, 2048 and 2048 features, dropout 0.5: 13,693,962 parameters.</summary>
    public static Graph Optimised(Shape input, int classes) =>
        Build(input, classes, filters1: 32, filters2: 128, features1: 2048, features2: 2048, dropout: 0.5);

    private static Graph Build(
        Shape input, int classes, int filters1, int filters2, int features1, int features2, double dropout)
    {
        GraphBuilder network = new GraphBuilder(input)
            .Then("conv1", new Conv2d(filters1, 3))
            .Then("relu1", new Activate(Activation.ReLU))
            .Then("pool1", new MaxPool2d(2))
            .Then("conv2", new Conv2d(filters2, 3))
            .Then("relu2", new Activate(Activation.ReLU))
            .Then("pool2", new MaxPool2d(2))
            .Then("flatten", new Flatten());
        Hidden(network, 1, features1, dropout);
        Hidden(network, 2, features2, dropout);
        return network.Then("out", new Linear(classes)).Build();
    }

    private static void Hidden(GraphBuilder network, int number, int features, double dropout)
    {
        network.Then($"linear{number}", new Linear(features)).Then($"relu{number + 2}", new Activate(Activation.ReLU));
        if (dropout > 0)
        {
            network.Then($"dropout{number}", new Dropout(dropout));
        }
    }
}
