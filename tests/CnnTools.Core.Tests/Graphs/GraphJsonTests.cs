using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Zoo;

namespace CnnTools.Tests.Graphs;

public sealed class GraphJsonTests
{
    [Fact]
    public void Every_network_of_the_catalog_comes_back_the_same()
    {
        foreach (Architecture architecture in Catalog.All)
        {
            Graph graph = architecture.Build(architecture.Input, architecture.Classes);
            string json = GraphJson.Write(graph);
            Graph read = GraphJson.Read(json);

            Assert.Equal(json, GraphJson.Write(read));
            Assert.Equal(graph.Nodes.Select(n => n.Layer), read.Nodes.Select(n => n.Layer));
            Assert.Equal(graph.OutputShape, read.OutputShape);
        }
    }

    [Fact]
    public void All_layers_and_options_come_back()
    {
        Graph graph = new GraphBuilder(new Shape(4, 16, 16))
            .Then("pad", new Pad2d(new Padding(1, 2, 3, 4)) { Mode = PaddingMode.Constant, Value = 0.25f })
            .Then("conv", new Conv2d(8, new Pair(3, 2))
            {
                Stride = new Pair(1, 2),
                Padding = 1,
                Dilation = 2,
                Groups = 2,
                Bias = false,
                WeightInitializer = new Initializer.Normal(0.02),
            })
            .Then("norm", new BatchNorm2d { Epsilon = 1e-3, Momentum = 0.2 })
            .Then("relu", new Activate(Activation.ReLU6))
            .Then("max", new MaxPool2d(3) { Stride = 1, Padding = 1, CeilMode = true })
            .Then("avg", new AvgPool2d(2) { CountPadding = false })
            .Add("sum", new Add(), "avg", "avg")
            .Add("cat", new Concat(), "avg", "sum")
            .Then("adaptive", new AdaptiveAvgPool2d(new Pair(2, 1)))
            .Then("flat", new Flatten())
            .Then("drop", new Dropout(0.3))
            .Then("fc", new Linear(5) { Bias = false })
            .Build();

        Graph read = GraphJson.Read(GraphJson.Write(graph));

        Assert.Equal(graph.Nodes.Select(n => n.Layer), read.Nodes.Select(n => n.Layer));
        Assert.Equal(graph.Nodes.SelectMany(n => n.Inputs), read.Nodes.SelectMany(n => n.Inputs));
    }

    [Fact]
    public void Outputs_and_shared_weights_come_back_and_older_networks_have_neither()
    {
        Graph graph = new(
            new Shape(6),
            [
                new("fc", new Linear(6), ["input"]),
                new("again", new Linear(6) { WeightInitializer = new Initializer.KaimingNormal(Fan.Out) }, ["fc"]) { SharedWith = "fc" },
                new("side", new Linear(6) { WeightInitializer = new Initializer.XavierNormal() }, ["fc"]),
            ],
            output: "again", auxiliary: [new("side", 0.3)]);

        Graph read = GraphJson.Read(GraphJson.Write(graph));

        Assert.Equal(("again", "fc"), (read.Output, read.Nodes[1].SharedWith));
        Assert.Equal(graph.Auxiliary.AsEnumerable(), read.Auxiliary);
        Assert.Equal(graph.Nodes.Select(n => n.Layer), read.Nodes.Select(n => n.Layer));
        Graph old = GraphJson.Read(
            "{\"input\":[1,8,8],\"nodes\":[{\"name\":\"a\",\"layer\":{\"type\":\"Flatten\"},\"inputs\":[\"input\"]}]}");
        Assert.Equal("a", old.Output);
        Assert.Empty(old.Auxiliary);
        Assert.DoesNotContain("auxiliary", GraphJson.Write(old), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"input\":[1,8,8],\"nodes\":[]}")]
    [InlineData("{\"input\":[1,8,8],\"nodes\":[null]}")]
    [InlineData("{\"input\":[1,8,8],\"nodes\":null}")]
    [InlineData("{\"input\":[0,8,8],\"nodes\":[{\"name\":\"a\",\"layer\":{\"type\":\"Flatten\"},\"inputs\":[\"input\"]}]}")]
    [InlineData("{\"input\":[1,8,8],\"nodes\":[{\"name\":\"a\",\"layer\":{\"type\":\"Nothing\"},\"inputs\":[\"input\"]}]}")]
    [InlineData("{\"input\":[1,8,8],\"nodes\":[{\"name\":\"a\",\"layer\":null,\"inputs\":[\"input\"]}]}")]
    [InlineData("{\"input\":[1,8,8],\"nodes\":[{\"name\":\"a\",\"layer\":{\"type\":\"Conv2d\",\"outChannels\":4,\"kernel\":[1,2,3]},\"inputs\":[\"input\"]}]}")]
    [InlineData("{\"input\":[1,8,8],\"nodes\":[{\"name\":\"a\",\"layer\":{\"type\":\"Conv2d\",\"outChannels\":4,\"kernel\":9},\"inputs\":[\"input\"]}]}")]
    [InlineData("{\"input\":[1,8,8],\"nodes\":[{\"name\":\"a\",\"layer\":{\"type\":\"Flatten\"},\"inputs\":[null]}]}")]
    [InlineData("{\"input\":[4],\"nodes\":[{\"name\":\"a\",\"layer\":{\"type\":\"Flatten\"},\"inputs\":[\"input\"]}],\"output\":\"b\"}")]
    [InlineData("{\"input\":[4],\"nodes\":[{\"name\":\"a\",\"layer\":{\"type\":\"Flatten\"},\"inputs\":[\"input\"]}],\"auxiliary\":[null]}")]
    [InlineData("{\"input\":[4],\"nodes\":[{\"name\":\"a\",\"layer\":{\"type\":\"Flatten\"},\"inputs\":[\"input\"]}],\"auxiliary\":[{\"node\":\"a\",\"weight\":1}]}")]
    [InlineData("{\"input\":[4],\"nodes\":[{\"name\":\"a\",\"layer\":{\"type\":\"Flatten\"},\"inputs\":[\"input\"],\"sharedWith\":\"b\"}]}")]
    public void What_is_no_network_is_an_error_of_ours(string json) =>
        Assert.Throws<CnnException>(() => GraphJson.Read(json));
}
