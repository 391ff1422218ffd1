using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Zoo;

namespace CnnTools.Tests.Zoo;

public sealed class CatalogTests
{
    [Theory]
    [InlineData("LeNet5", "1x32x32", 10, 61706)]
    [InlineData("LeNet5", "1x28x28", 10, 61706)]
    [InlineData("LeNet5", "3x32x32", 10, 62006)] // kuangliu's count at three channels
    [InlineData("SimpleCnn", "1x28x28", 10, 220234)]
    [InlineData("ImageClassification", "3x32x32", 10, 81302)]
    [InlineData("ImageClassificationOptimised", "3x32x32", 10, 13693962)]
    public void Parameter_counts_are_exact(string name, string input, int classes, long expected) =>
        Assert.Equal(expected, Catalog.Get(name).Build(Shape.TryParse(input)!.Value, classes).Parameters);

    [Fact]
    public void Names_and_aliases_are_unique_whatever_the_case()
    {
        string[] names = [.. Catalog.All.SelectMany(a => a.Aliases.Prepend(a.Name))];

        Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void Aliases_and_case_find_the_same_network()
    {
        Assert.Equal("SimpleCnn", Catalog.Get("seed001_simple_cnn").Name);
        Assert.Equal("LeNet5", Catalog.Get("lenet5").Name);
    }

    [Fact]
    public void An_unknown_name_offers_near_ones()
    {
        CnnException error = Assert.Throws<CnnException>(() => Catalog.Get("LeNt5"));

        Assert.Equal("UnknownArchitecture", error.Id);
        Assert.Contains("LeNet5", error.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("SimpleCnn", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void An_option_that_a_network_does_not_take_is_an_error_that_names_those_it_takes()
    {
        Architecture lenet = Catalog.Get("LeNet5");
        CnnException error = Assert.Throws<CnnException>(() => lenet.Build(lenet.Input, 10, new() { Stem = Stem.Conv3x3 }));

        Assert.Equal("OptionNotTaken", error.Id);
        Assert.Contains("-Stem", error.Message, StringComparison.Ordinal);
        Assert.Contains("-Activation, -Pooling", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void LeNet5_has_a_modern_form()
    {
        Architecture lenet = Catalog.Get("LeNet5");
        Graph graph = lenet.Build(lenet.Input, 10, new() { Activation = Activation.ReLU, Pooling = Pooling.Max });

        Assert.Equal(4, graph.Nodes.Count(n => n.Layer is Activate { Function: Activation.ReLU }));
        Assert.Equal(2, graph.Nodes.Count(n => n.Layer is MaxPool2d));
        Assert.Equal(61706, graph.Parameters);
        Assert.Equal("Activation Tanh, Pooling Average", lenet.Complete(lenet.Input, null).ToString());
    }

    [Fact]
    public void AlexNetD2l_has_the_fully_connected_layer_that_seed_003_counts()
    {
        Architecture alexNet = Catalog.Get("AlexNetD2l");

        Assert.Equal(26_214_400, alexNet.Build(alexNet.Input, 10).Weights.Single(w => w.Name == "14.weight").Spec.Count);
    }

    [Theory]
    [InlineData("SimpleCnn", "1x2x2", 4)]
    [InlineData("SimpleCnn", "1x64x3", 4)]
    [InlineData("ImageClassification", "3x9x9", 10)]
    [InlineData("GoogLeNet", "1x14x28", 15)] // torchvision's min_size, as the next
    [InlineData("InceptionV3", "3x64x64", 75)]
    public void An_input_too_small_is_told_the_least_size(string name, string input, int least)
    {
        Architecture architecture = Catalog.Get(name);
        Shape small = Shape.TryParse(input)!.Value;
        CnnException error = Assert.Throws<CnnException>(() => architecture.Build(small, 10));

        Assert.Equal("ImpossibleShape", error.Id);
        Assert.Contains($"-InputShape {small.Channels},{least},{least}", error.Remedy, StringComparison.Ordinal);
        architecture.Build(new Shape(small.Channels, least, least), 10);
        Assert.Throws<CnnException>(() => architecture.Build(new Shape(small.Channels, least - 1, least - 1), 10));
    }

    [Theory]
    [InlineData("1x20x20")]
    [InlineData("3x64x48")]
    [InlineData("1x33x29")]
    public void LeNet5_fits_other_images(string input) =>
        Assert.Equal(7, Catalog.Get("LeNet5").Build(Shape.TryParse(input)!.Value, 7).OutputShape.Count);
}
