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

    [Theory]
    [InlineData("1x20x20")]
    [InlineData("3x64x48")]
    [InlineData("1x33x29")]
    public void LeNet5_fits_other_images(string input) =>
        Assert.Equal(7, Catalog.Get("LeNet5").Build(Shape.TryParse(input)!.Value, 7).OutputShape.Count);
}
