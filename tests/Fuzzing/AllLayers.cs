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
        .Then("local", new LocalResponseNorm(3) { K = 2 })
        .Then("planes", new ChannelPool())
        .Add("peaks", new AdaptiveMaxPool2d(1), "avg")
        .Then("peaksFlat", new Flatten())
        .Then("squeeze", new Linear(4) { BiasInitializer = new Initializer.Constant(0.1) })
        .Then("excite", new Linear(4) { WeightInitializer = new Initializer.XavierUniform() })
        .ThenShared("again", new Linear(4), "excite")
        .Then("gate", new Unflatten(new Shape(4, 1, 1)))
        .Add("scaled", new Multiply(), "dilated", "gate")
        .Then("narrowed", new Conv2d(2, 1))
        .Then("widened", new PadChannels(1, 1))
        .Then("half", new Affine(0.5, 0.1))
        .Add("sum", new Add(), "half", "avg")
        .Add("cat", new Concat(), "sum", "avg")
        .Then("adaptive", new AdaptiveAvgPool2d(new Pair(2, 1)))
        .Then("flat", new Flatten())
        .Then("drop", new Dropout(0.3))
        .Add("auxiliary", new Linear(3) { WeightInitializer = new Initializer.TruncatedNormal(0.01) }, "flat")
        .Auxiliary(0.3)
        .Add("fc", new Linear(3), "drop")
        .Build();
}
