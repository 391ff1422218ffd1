using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Tests.Fuzzing;

/// <summary>A small network with every layer and option in it.</summary>
internal static class AllLayers
{
    public static Graph Graph { get; } = new GraphBuilder(new Shape(2, 8, 8))
        .Then("pad", new Pad2d(new Padding(1, 0, 2, 1)) { Mode = PaddingMode.Reflect })
        .Then("conv", new Conv2d(4, new Pair(3, 2)) { Stride = new Pair(1, 2), Padding = 1, Groups = 2, Bias = false })
        .Then("norm", new BatchNorm2d())
        .Then("relu", new Activate(Activation.ReLU))
        .Then("max", new MaxPool2d(3) { Stride = 1, Padding = 1, CeilMode = true })
        .Then("avg", new AvgPool2d(2) { CountPadding = false })
        .Add("dilated", new Conv2d(4, 3) { Padding = 2, Dilation = 2, WeightInitializer = new Initializer.Normal(0.02) }, "avg")
        .Add("sum", new Add(), "dilated", "avg")
        .Add("cat", new Concat(), "sum", "avg")
        .Then("adaptive", new AdaptiveAvgPool2d(new Pair(2, 1)))
        .Then("flat", new Flatten())
        .Then("drop", new Dropout(0.3))
        .Then("fc", new Linear(3))
        .Build();
}
