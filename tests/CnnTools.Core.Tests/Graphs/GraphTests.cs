using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Tests.Graphs;

/// <summary>Outputs, shared weights and joins that broadcast.</summary>
public sealed class GraphTests
{
    private static GraphBuilder WithHead => new GraphBuilder(new Shape(4, 6, 6))
        .Then("conv", new Conv2d(4, 3))
        .Then("head.flat", new Flatten()).Then("head.fc", new Linear(3)).Auxiliary(0.3)
        .From("conv").Then("flat", new Flatten()).Then("fc", new Linear(3));

    [Fact]
    public void Nodes_that_only_auxiliary_outputs_need_belong_to_training()
    {
        Graph graph = WithHead.Build();

        Assert.Equal("fc", graph.Output);
        Assert.Equal([new AuxiliaryOutput("head.fc", 0.3)], graph.Auxiliary.AsEnumerable());
        Assert.Equal(["conv", "flat", "fc"], graph.EvaluationNodes.Select(n => n.Name));
        Assert.Equal(graph.Nodes, graph.TrainingNodes);
        Assert.Equal((4 * 16 * 36) + (64 * 3), graph.MultiplyAdds);
        Assert.Equal((4 * 36) + 4 + (2 * ((64 * 3) + 3)), graph.Parameters);
    }

    [Fact]
    public void Auxiliary_outputs_are_other_layers_with_the_same_classes()
    {
        AssertInvalid("'conv'", () => WithHead.From("conv").Auxiliary(1).From("fc").Build());
        AssertInvalid("'fc'", () => WithHead.Auxiliary(1).Build());
        AssertInvalid("'nothing'", () => WithHead.From("nothing").Auxiliary(1).Build());
        AssertInvalid("weight -1", () => WithHead.Then("other", new Linear(3)).Auxiliary(-1).From("fc").Then("last", new Linear(3)).Build());
        AssertInvalid("twice", () => WithHead.From("head.fc").Auxiliary(1).From("fc").Build());
        AssertInvalid("'input'", () => new Graph(new Shape(3), [new("a", new Flatten(), ["input"])], output: "input"));
    }

    [Fact]
    public void Shared_weights_are_listed_once_and_fit()
    {
        Graph graph = new GraphBuilder(new Shape(5)).Then("fc", new Linear(5)).ThenShared("again", new Linear(5), "fc").Build();

        Assert.Equal(["fc.weight", "fc.bias"], graph.Weights.Select(w => w.Name));
        Assert.Equal(30, graph.Parameters);
        Assert.Equal(50, graph.MultiplyAdds);
        AssertInvalid("'fc'", () => new GraphBuilder(new Shape(4)).Then("fc", new Linear(5)).ThenShared("b", new Linear(5), "fc").Build());
        AssertInvalid("'fc'", () => new GraphBuilder(new Shape(5)).Then("fc", new Linear(5) { Bias = false }).ThenShared("b", new Linear(5), "fc").Build());
        AssertInvalid("'later'", () => new GraphBuilder(new Shape(5)).ThenShared("b", new Linear(5), "later").Build());
        AssertInvalid("'a'", () => new GraphBuilder(new Shape(5)).ThenShared("a", new Linear(5), "a").Build());
        AssertInvalid("'relu'", () => new GraphBuilder(new Shape(5))
            .Then("relu", new Activate(Activation.ReLU)).ThenShared("b", new Activate(Activation.ReLU), "relu").Build());
    }

    [Theory]
    [InlineData("4x1x1", "4x6x6")]
    [InlineData("1x6x6", "4x6x6")]
    [InlineData("4x6x6", "4x6x6")]
    public void Gates_broadcast(string gate, string expected)
    {
        Shape actual = new Multiply().InferShape("gate", [new Shape(4, 6, 6), Shape.TryParse(gate)!.Value]);
        Assert.Equal(expected, actual.ToString());
    }

    [Theory]
    [InlineData("2x6x6")]
    [InlineData("4")]
    [InlineData("4x6x3")]
    public void Gates_that_do_not_fit_are_errors(string gate) =>
        Assert.Equal("ImpossibleShape", Assert.Throws<CnnException>(
            () => new Multiply().InferShape("gate", [new Shape(4, 6, 6), Shape.TryParse(gate)!.Value])).Id);

    [Fact]
    public void Initializers_that_cannot_draw_are_errors()
    {
        AssertInvalid("'fc'", () => new GraphBuilder(new Shape(5))
            .Then("fc", new Linear(5) { BiasInitializer = new Initializer.KaimingNormal(Fan.In) }).Build());
        AssertInvalid("'fc'", () => new GraphBuilder(new Shape(5))
            .Then("fc", new Linear(5) { WeightInitializer = new Initializer.TruncatedNormal(1, 0) }).Build());
    }

    private static void AssertInvalid(string named, Func<Graph> build)
    {
        CnnException error = Assert.Throws<CnnException>(build);
        Assert.Equal("InvalidGraph", error.Id);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Remedy);
    }
}
