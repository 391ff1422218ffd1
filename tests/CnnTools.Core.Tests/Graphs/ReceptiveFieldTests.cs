using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Zoo;

namespace CnnTools.Tests.Graphs;

/// <summary>The formulas; tests/CnnTools.Training.Tests counts pixels by their gradients.</summary>
public sealed class ReceptiveFieldTests
{
    private static GraphBuilder Image => new(new Shape(1, 40, 60));

    // Araujo, Norris, Sim 2019 give 195 for AlexNet, 212 for VGG16; 435 for ResNet18 follows from their formula.
    [Theory]
    [InlineData("AlexNet", 224, "features.12", 195)]
    [InlineData("VGG16", 224, "features.30", 212)]
    [InlineData("VGG16", 224, "features.28", 196)]
    [InlineData("ResNet18", 512, "layer4.1.conv2", 435)]
    [InlineData("ResNet18", 512, "layer4.0.downsample.0", 211)]
    [InlineData("ResNet18", 224, "layer4.1.conv2", 224)]
    [InlineData("ResNet18", 224, "fc", 224)]
    public void Published_networks_see_what_is_published(string network, int side, string layer, int expected) =>
        Assert.Equal(new Pair(expected, expected), SizeOf(Catalog.Get(network).Build(new Shape(3, side, side), 10), layer));

    [Fact]
    public void Two_3x3_convolutions_see_what_one_5x5_does()
    {
        // Seed 003: 18 weights in the place of 25.
        Graph two = Image.Then("a", new Conv2d(1, 3) { Bias = false }).Then("b", new Conv2d(1, 3) { Bias = false }).Build();
        Graph one = Image.Then("b", new Conv2d(1, 5) { Bias = false }).Build();

        Assert.Equal((25, 18), (one.Parameters, two.Parameters));
        Assert.Equal(ReceptiveFields.Of(one)["b"], ReceptiveFields.Of(two)["b"]);
    }

    public static TheoryData<Layer, string> Windows => new()
    {
        { new Conv2d(1, new Pair(3, 1)), "(3, 1)" },
        { new Conv2d(1, 3) { Dilation = new Pair(2, 3) }, "(5, 7)" },
        { new Conv2d(1, 1) { Stride = 2 }, "1" },
        { new MaxPool2d(2), "2" },
        { new Pad2d(new Padding(1, 2, 3, 4)), "1" },
        { new AdaptiveAvgPool2d(1), "(40, 60)" },
        { new AdaptiveMaxPool2d(new Pair(4, 15)), "(10, 4)" },
        { new AdaptiveAvgPool2d(new Pair(7, 60)), "(7, 1)" },
        { new AdaptiveAvgPool2d(new Pair(80, 1)), "(1, 60)" },
        { new Flatten(), "(40, 60)" },
        { new BatchNorm2d(), "1" },
        { new Conv2d(1, 31) { Padding = 45, Dilation = 3 }, "(40, 60)" },
    };

    [Theory]
    [MemberData(nameof(Windows))]
    public void A_layer_sees_its_window_and_never_more_than_the_image(Layer layer, string expected) =>
        Assert.Equal(expected, SizeOf(Image.Then("layer", layer).Build(), "layer").ToString());

    [Fact]
    public void Branches_see_together_what_each_sees()
    {
        Graph graph = Image
            .Then("left", new Conv2d(1, new Pair(3, 1)) { Padding = new Pair(1, 0) })
            .From(Graph.InputName).Then("right", new Conv2d(1, new Pair(1, 5)) { Padding = new Pair(0, 2) })
            .Add("sum", new Add(), "left", "right")
            .Build();
        Assert.Equal(new Pair(3, 5), SizeOf(graph, "sum"));

        // Windows that do not overlap: rows 0 to 2 above the pixel, and the pixel.
        Graph apart = Image
            .Then("above", new Conv2d(1, new Pair(3, 1)) { Padding = new Pair(3, 0) }).Then("cut", new MaxPool2d(new Pair(5, 1)) { Stride = 1 })
            .From(Graph.InputName).Then("here", new Conv2d(1, 1))
            .Add("sum", new Add(), "cut", "here")
            .Build();
        Assert.Equal(new Pair(7, 1), SizeOf(apart, "sum"));
    }

    [Fact]
    public void A_gate_of_global_pooling_lets_everything_see_everything()
    {
        Graph graph = Image
            .Then("conv", new Conv2d(2, 3) { Padding = 1 }).Then("pool", new AdaptiveAvgPool2d(1))
            .Add("gated", new Multiply(), "conv", "pool").Then("next", new Conv2d(2, 3))
            .Build();
        Assert.Equal(new Pair(40, 60), SizeOf(graph, "gated"));
        Assert.Equal(new Pair(40, 60), SizeOf(graph, "next"));
    }

    [Fact]
    public void Pixels_that_no_window_reaches_are_seen_by_nobody()
    {
        // 3x3 with stride 2 leaves the last row and column of 40x60 alone, and later padding does not bring them back.
        Graph graph = Image
            .Then("conv", new Conv2d(1, 3) { Stride = 2 }).Then("next", new Conv2d(1, 3) { Padding = 1 }).Then("flat", new Flatten())
            .Then("fc", new Linear(3)).Then("back", new Unflatten(new Shape(1, 3, 1)))
            .Build();
        foreach (string layer in (string[])["flat", "fc", "back"])
        {
            Assert.Equal(new Pair(39, 59), SizeOf(graph, layer));
        }
    }

    [Fact]
    public void Rows_of_features_have_none_and_absurd_strides_do_no_harm()
    {
        Assert.Empty(ReceptiveFields.Of(new GraphBuilder(new Shape(5)).Then("fc", new Linear(5)).Build()));
        GraphBuilder network = new(new Shape(1, 1, 1));
        for (int i = 0; i < 60; i++)
        {
            network.Then($"conv{i}", new Conv2d(1, 1) { Stride = int.MaxValue });
        }

        Assert.Equal(1, SizeOf(network.Then("pad", new Conv2d(1, 3) { Padding = 1 }).Build(), "pad").Vertical);
    }

    private static Pair SizeOf(Graph graph, string layer) => ReceptiveFields.Of(graph)[layer].Size;
}
