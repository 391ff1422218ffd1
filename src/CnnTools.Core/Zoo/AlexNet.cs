using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// AlexNet (Krizhevsky, Sutskever, Hinton: "ImageNet Classification with Deep Convolutional Neural Networks", 2012; seed
/// 000) as torchvision has it, after Krizhevsky's "One weird trick" (2014): no groups, no local response normalisation, 64
/// first filters. Names of weights and initialisation are torchvision's.
/// </summary>
public static class AlexNet
{
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new("AlexNet", nameof(AlexNet), new Shape(3, 224, 224), 1000, "Krizhevsky et al. 2012, 2014", "000", Build),
    ];

    public static Graph Build(Shape input, int classes) =>
        new GraphBuilder(input)
            .Then("features.0", new Conv2d(64, 11) { Stride = 4, Padding = 2 })
            .Then("features.1", new Activate(Activation.ReLU))
            .Then("features.2", new MaxPool2d(3) { Stride = 2 })
            .Then("features.3", new Conv2d(192, 5) { Padding = 2 })
            .Then("features.4", new Activate(Activation.ReLU))
            .Then("features.5", new MaxPool2d(3) { Stride = 2 })
            .Then("features.6", new Conv2d(384, 3) { Padding = 1 })
            .Then("features.7", new Activate(Activation.ReLU))
            .Then("features.8", new Conv2d(256, 3) { Padding = 1 })
            .Then("features.9", new Activate(Activation.ReLU))
            .Then("features.10", new Conv2d(256, 3) { Padding = 1 })
            .Then("features.11", new Activate(Activation.ReLU))
            .Then("features.12", new MaxPool2d(3) { Stride = 2 })
            .Then("avgpool", new AdaptiveAvgPool2d(6))
            .Then("flatten", new Flatten())
            .Then("classifier.0", new Dropout(0.5))
            .Then("classifier.1", new Linear(4096))
            .Then("classifier.2", new Activate(Activation.ReLU))
            .Then("classifier.3", new Dropout(0.5))
            .Then("classifier.4", new Linear(4096))
            .Then("classifier.5", new Activate(Activation.ReLU))
            .Then("classifier.6", new Linear(classes))
            .Build();
}
