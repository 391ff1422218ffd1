using CnnTools.Plots;

namespace CnnTools.Tests.Plots;

public sealed class NamesTests
{
    [Theory]
    [InlineData("a|a-b", "a|a-b")]
    [InlineData("lr1e-1-momentum0.9-weight-decay-5e-4-seed-1|lr1e-2-momentum0.9-weight-decay-5e-4-seed-2", "lr1e-1-\u2026seed-1|lr1e-2-\u2026seed-2")]
    [InlineData("a run whose name is of some length and ends in one|a run whose name is of some length and ends in one longer", "\u2026in one|\u2026in one longer")]
    [InlineData("the same name of more than forty letters in all|the same name of more than forty letters in all", "the same name of more than forty letters in all|the same name of more than forty letters in all")]
    [InlineData("one name alone of more than forty letters in all", "one name alone of more than forty letters in all")]
    public void What_tells_long_names_apart_stays(string names, string expected) =>
        Assert.Equal(expected, string.Join('|', Names.Shorten(names.Split('|'), many: 40, most: 96)));

    [Fact]
    public void What_is_longer_than_can_be_shown_loses_its_middle() =>
        Assert.Equal("aaa\u2026bb", Assert.Single(Names.Shorten(["aaaaabbbbb"], many: 4, most: 6)));
}
