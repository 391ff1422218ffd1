using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// Seed 001's network for MNIST: two 3x3 convolutions of 32 and 64 filters, each with ReLU and 2x2 max pooling, then 64
/// features. 220,234 parameters at 1x28x28 and ten classes. Layer names are the seed's.
/// </summary>
public static class SimpleCnn
{
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new("SimpleCnn", "SimpleCnn", new Shape(1, 28, 28), 10, "Seed 001", "001", Build)
        {
            Aliases = ["seed001_simple_cnn"],
        },
    ];

    public static Graph Build(Shape input, int classes) =>
        new GraphBuilder(input)
            .Then("conv1", new Conv2d(32, 3) { Padding = 1 })
            .Then("relu1", new Activate(Activation.ReLU))
            .Then("pool1", new MaxPool2d(2))
            .Then("conv2", new Conv2d(64, 3) { Padding = 1 })
            .Then("relu2", new Activate(Activation.ReLU))
            .Then("pool2", new MaxPool2d(2))
            .Then("flatten", new Flatten())
            .Then("fc1", new Linear(64))
            .Then("relu3", new Activate(Activation.ReLU))
            .Then("fc2", new Linear(classes))
            .Build();
}
