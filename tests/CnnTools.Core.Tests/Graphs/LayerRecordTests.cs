using System.Globalization;
using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Tests.Fuzzing;
using CnnTools.Zoo;

namespace CnnTools.Tests.Graphs;

public sealed class LayerRecordTests
{
    [Fact]
    public void Columns_add_up_to_the_network()
    {
        foreach (Architecture architecture in Catalog.All)
        {
            Graph graph = architecture.Build(architecture.Input, architecture.Classes);
            IReadOnlyList<LayerRecord> layers = LayerRecord.Of("net", graph);

            Assert.Equal(graph.Nodes.Select(n => n.Name), layers.Select(l => l.Name));
            Assert.Equal(graph.Parameters, layers.Sum(l => l.Parameters));
            HashSet<string> evaluated = [.. graph.EvaluationNodes.Select(n => n.Name)];
            Assert.Equal(graph.MultiplyAdds, layers.Where(l => evaluated.Contains(l.Name)).Sum(l => l.Macs));
        }
    }

    [Fact]
    public void A_layer_is_told_as_it_is()
    {
        IReadOnlyList<LayerRecord> layers = LayerRecord.Of("mine", Catalog.Get("ResNet18").Build(new Shape(3, 224, 224), 1000));

        LayerRecord conv = layers[0];
        Assert.Equal(("mine", "conv1", "Conv2d"), (conv.Model, conv.Name, conv.Type));
        Assert.Equal((7, 2), (conv.Kernel!.Value.Vertical, conv.Stride!.Value.Vertical));
        Assert.Equal("3", conv.Padding.ToString());
        Assert.Equal((9408, 118_013_952), (conv.Parameters, conv.Macs));
        Assert.Equal(new Shape(64, 112, 112), conv.OutputShape);
        LayerRecord norm = layers[1];
        Assert.Equal((null, null, null), (norm.Kernel, norm.Stride, norm.Padding));
        Assert.Equal(128, norm.Parameters); // running statistics are not trained
    }

    [Fact]
    public void Shared_weights_count_once_and_padding_has_four_sides()
    {
        IReadOnlyList<LayerRecord> layers = LayerRecord.Of("all", AllLayers.Graph);

        Assert.Equal(0, layers.Single(l => l.Name == "again").Parameters);
        Assert.Equal("(1, 0, 2, 1)", layers.Single(l => l.Name == "pad").Padding.ToString());
        Assert.Equal("1", layers.Single(l => l.Name == "conv").Padding.ToString());
        Assert.Equal(new Pair(3, 2), layers.Single(l => l.Name == "conv").Kernel);
        Assert.Null(layers.Single(l => l.Name == "fc").Kernel);
    }

    [Fact]
    public void Rows_of_features_have_no_receptive_field() =>
        Assert.Null(LayerRecord.Of("fc", new GraphBuilder(new Shape(5)).Then("fc", new Linear(5)).Build())[0].ReceptiveField);

    [Theory]
    [InlineData(1, 1, "2 parameters, 1 multiply-adds, input 1")]
    [InlineData(999, 1, "1,000 parameters, 999 multiply-adds, input 999")]
    [InlineData(10, 100, "1,100 parameters, 1.00 k multiply-adds, input 10")]
    [InlineData(1000, 9_996, "10,005,996 parameters, 10.0 M multiply-adds, input 1000")]
    [InlineData(1000, 999_499, "1,000,498,499 parameters, 999 M multiply-adds, input 1000")]
    [InlineData(1000, 999_600, "1,000,599,600 parameters, 1.00 G multiply-adds, input 1000")]
    public void Totals_are_one_line(int features, int outputs, string expected)
    {
        Graph graph = new GraphBuilder(new Shape(features)).Then("fc", new Linear(outputs)).Build();
        Assert.Equal($"net: {expected}", new NetworkSummary("net", graph).ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void The_largest_count_has_its_prefix_too()
    {
        GraphBuilder many = new(new Shape(1, 1 << 15, 1 << 15));
        for (int i = 0; i < 16; i++)
        {
            many.Then($"conv{i}", new Conv2d(1, (1 << 15) + 1) { Padding = 1 << 14 });
        }

        Assert.Contains(" E multiply-adds", new NetworkSummary("net", many.Build()).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }
}
