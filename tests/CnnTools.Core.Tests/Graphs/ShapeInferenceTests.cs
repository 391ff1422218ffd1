using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Tests.Graphs;

public sealed class ShapeInferenceTests
{
    private static readonly Shape Image = new(3, 32, 32);

    public static TheoryData<Layer, string, string> Shapes => new()
    {
        { new Conv2d(8, 3), "3x32x32", "8x30x30" },
        { new Conv2d(8, 3) { Padding = 1, Stride = 2 }, "3x32x32", "8x16x16" },
        { new Conv2d(8, new Pair(3, 1)) { Stride = new Pair(2, 1) }, "3x32x32", "8x15x32" },
        { new Conv2d(8, 3) { Dilation = 2 }, "3x32x32", "8x28x28" },
        { new Conv2d(6, 5) { Groups = 3 }, "3x32x32", "6x28x28" },
        { new MaxPool2d(2), "6x30x30", "6x15x15" },
        { new MaxPool2d(2), "6x13x13", "6x6x6" },
        { new MaxPool2d(3) { Stride = 2, CeilMode = true }, "1x6x6", "1x3x3" },
        { new MaxPool2d(2) { Stride = 2, Padding = 1, CeilMode = true }, "1x2x2", "1x2x2" },
        { new MaxPool2d(3) { Stride = 2, CeilMode = true }, "1x2x3", "1x1x1" },
        { new AvgPool2d(2) { Stride = 1 }, "1x4x4", "1x3x3" },
        { new AdaptiveAvgPool2d(new Pair(1, 2)), "5x7x9", "5x1x2" },
        { new AdaptiveMaxPool2d(new Pair(1, 2)), "5x7x9", "5x1x2" },
        { new ChannelPool(), "5x7x9", "2x7x9" },
        { new LocalResponseNorm(5), "5x7x9", "5x7x9" },
        { new Affine(0.5), "5x7x9", "5x7x9" },
        { new PadChannels(2, 3), "5x7x9", "10x7x9" },
        { new Unflatten(new Shape(4, 3, 2)), "24", "4x3x2" },
        { new Pad2d(new Padding(1, 2, 3, 4)), "1x5x5", "1x8x12" },
        { new Flatten(), "16x6x6", "576" },
        { new Linear(10), "576", "10" },
        { new Dropout(0.5), "84", "84" },
        { new BatchNorm2d(), "3x8x8", "3x8x8" },
        { new Activate(Activation.Tanh), "84", "84" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Layers_give_the_shapes_of_their_formulas(Layer layer, string input, string expected)
    {
        Shape actual = layer.InferShape("layer", [Shape.TryParse(input)!.Value]);

        Assert.Equal(expected, actual.ToString());
    }

    public static TheoryData<Layer, string> Impossible => new()
    {
        { new Conv2d(8, 33), "3x32x32" },
        { new Conv2d(8, 3) { Groups = 2 }, "3x32x32" },
        { new Conv2d(0, 3), "3x32x32" },
        { new Conv2d(8, 0), "3x32x32" },
        { new Conv2d(8, 3) { Stride = 0 }, "3x32x32" },
        { new Conv2d(8, 3) { Padding = -1 }, "3x32x32" },
        { new Conv2d(8, 3), "84" },
        { new MaxPool2d(2) { Padding = 2 }, "1x8x8" },
        { new MaxPool2d(9), "1x8x8" },
        { new Linear(10), "3x32x32" },
        { new Linear(0), "84" },
        { new Dropout(1), "84" },
        { new BatchNorm2d(), "84" },
        { new Pad2d(8) { Mode = PaddingMode.Reflect }, "1x8x8" },
        { new AdaptiveAvgPool2d(0), "1x8x8" },
        { new AdaptiveMaxPool2d(0), "1x8x8" },
        { new ChannelPool(), "84" },
        { new LocalResponseNorm(0), "3x8x8" },
        { new LocalResponseNorm(7), "3x8x8" },
        { new LocalResponseNorm(3) { K = 0 }, "3x8x8" },
        { new Affine(double.NaN), "84" },
        { new PadChannels(-1, 0), "3x8x8" },
        { new PadChannels(int.MaxValue, int.MaxValue), "3x8x8" },
        { new Unflatten(new Shape(4, 3, 2)), "23" },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Impossible_layers_are_told_by_name_shape_and_remedy(Layer layer, string input)
    {
        CnnException error = Assert.Throws<CnnException>(
            () => layer.InferShape("conv7", [Shape.TryParse(input)!.Value]));

        Assert.Equal("ImpossibleShape", error.Id);
        Assert.Contains("'conv7'", error.Message, StringComparison.Ordinal);
        Assert.Contains(layer.Kind, error.Message, StringComparison.Ordinal);
        Assert.Contains(input, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Remedy);
    }

    [Fact]
    public void Branches_join_where_their_shapes_allow_it()
    {
        Graph graph = new GraphBuilder(Image)
            .Add("left", new Conv2d(8, 1), Graph.InputName)
            .Add("right", new Conv2d(4, 3) { Padding = 1 }, Graph.InputName)
            .Add("both", new Concat(), "left", "right")
            .Then("sum", new Conv2d(8, 1))
            .Add("residual", new Add(), "left", "sum")
            .Build();

        Assert.Equal("12x32x32", graph.ShapeOf("both").ToString());
        Assert.Equal("8x32x32", graph.OutputShape.ToString());
        Assert.Throws<CnnException>(() => new GraphBuilder(Image)
            .Add("left", new Conv2d(8, 1), Graph.InputName)
            .Add("right", new Conv2d(4, 1), Graph.InputName)
            .Add("sum", new Add(), "left", "right")
            .Build());
    }

    [Fact]
    public void A_name_stands_once_and_after_its_inputs()
    {
        Assert.Contains("twice", Assert.Throws<CnnException>(
            () => new GraphBuilder(Image).Then("a", new Flatten()).Then("a", new Linear(1)).Build()).Message,
            StringComparison.Ordinal);
        Assert.Contains("'later'", Assert.Throws<CnnException>(
            () => new GraphBuilder(Image).Add("a", new Flatten(), "later").Build()).Message, StringComparison.Ordinal);
        Assert.Throws<CnnException>(() => new GraphBuilder(Image).Build());
    }

    [Fact]
    public void Weights_carry_names_and_default_bounds_of_PyTorch()
    {
        Graph graph = new GraphBuilder(Image)
            .Then("conv", new Conv2d(6, 5)).Then("norm", new BatchNorm2d()).Then("flat", new Flatten()).Then("fc", new Linear(4))
            .Build();

        Assert.Equal(
            ["conv.weight", "conv.bias", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var", "fc.weight", "fc.bias"],
            graph.Weights.Select(w => w.Name));
        Dictionary<string, WeightSpec> specs = graph.Weights.ToDictionary(w => w.Name, w => w.Spec);
        Assert.Equal(new Initializer.Uniform(1 / Math.Sqrt(3 * 5 * 5)), specs["conv.bias"].Initializer);
        Assert.Equal(new Initializer.Uniform(1 / Math.Sqrt(6 * 28 * 28)), specs["fc.weight"].Initializer);
        Assert.True(specs["norm.running_var"].IsBuffer);
        Assert.Equal((6 * 3 * 25) + 6 + 12 + (6 * 28 * 28 * 4) + 4, graph.Parameters);
    }

    [Fact]
    public void Multiply_adds_are_counted_for_convolutions_and_linear_layers()
    {
        Graph graph = new GraphBuilder(new Shape(4, 8, 8))
            .Then("conv", new Conv2d(6, 3) { Groups = 2 }).Then("flat", new Flatten()).Then("fc", new Linear(10))
            .Build();

        Assert.Equal((6 * 6 * 6 * 2 * 9) + (6 * 6 * 6 * 10), graph.MultiplyAdds);
    }

    public static TheoryData<Layer, string> BeyondATensor => new()
    {
        { new Linear(2_000_000_000), "100" },
        { new Linear(int.MaxValue), "1" },
        { new Conv2d(2_000_000_000, 1), "3x32x32" },
        { new Conv2d(65536, new Pair(1, 1)) { Padding = 20_000 }, "65536x1x1" },
        { new Conv2d(8, 3) { Padding = int.MaxValue }, "3x32x32" },
        { new Conv2d(8, 2_000_000_000) { Padding = 1_000_000_000 }, "3x32x32" },
        { new AdaptiveAvgPool2d(new Pair(50_000, 50_000)), "3x32x32" },
        { new Pad2d(int.MaxValue), "3x32x32" },
        { new MaxPool2d(int.MaxValue) { Padding = int.MaxValue }, "3x32x32" },
    };

    [Theory]
    [MemberData(nameof(BeyondATensor))]
    public void Sizes_beyond_a_tensor_are_errors_that_name_the_layer(Layer layer, string input)
    {
        CnnException error = Assert.Throws<CnnException>(
            () => new GraphBuilder(Shape.TryParse(input)!.Value).Then("huge", layer).Build());

        Assert.Equal("ImpossibleShape", error.Id);
        Assert.Contains("'huge'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_stop_at_the_largest_number_and_never_turn_negative()
    {
        Shape huge = new(int.MaxValue, int.MaxValue, int.MaxValue);
        Assert.Equal(long.MaxValue, huge.Count);
        Assert.Equal("InvalidGraph", Assert.Throws<CnnException>(
            () => new GraphBuilder(huge).Then("flat", new Flatten()).Build()).Id);

        // Each layer's 2^60 multiplications are in order, sixteen times that is beyond a long.
        GraphBuilder many = new(new Shape(1, 1 << 15, 1 << 15));
        for (int i = 0; i < 16; i++)
        {
            many.Then($"conv{i}", new Conv2d(1, (1 << 15) + 1) { Padding = 1 << 14 });
        }

        Assert.Equal(long.MaxValue, many.Build().MultiplyAdds);
    }
}
