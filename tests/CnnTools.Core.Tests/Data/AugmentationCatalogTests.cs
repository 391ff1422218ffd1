using CnnTools.Augmentation;

namespace CnnTools.Tests;

public sealed class AugmentationCatalogTests
{
    private static readonly Shape Colour = new(3, 32, 32);

    public static TheoryData<string> Names => [.. AugmentationCatalog.All.Select(info => info.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_example_is_read_whatever_the_case_and_with_or_without_random(string name)
    {
        AugmentationInfo info = AugmentationCatalog.All.Single(i => i.Name == name);
        AugmentationStep step = AugmentationCatalog.Parse(info.Example);
        string other = info.Example.StartsWith("Random", StringComparison.Ordinal) ? info.Example[6..] : $"random{info.Example}";

        Assert.Equal(step, AugmentationCatalog.Parse(other.ToUpperInvariant()));
        Assert.Contains(name, info.Usage, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_go_by_place_or_by_name()
    {
        Assert.Equal(AugmentationCatalog.Parse("RandomErasing 0.25 0.1,0.2"), AugmentationCatalog.Parse(" randomerasing  scale=0.1,0.2 P=0.25"));
        Assert.Equal(new RandomRotation(new(-10, 10), CnnTools.Backends.Interpolation.Bilinear, 7), AugmentationCatalog.Parse("Rotation 10 bilinear 7"));
        Assert.Equal(new RandomRotation(new(5, 20), default, 0), AugmentationCatalog.Parse("Rotation 5,20"));
        Assert.Equal(new ColorJitter(new(0, 2.5), new(1, 1), new(0.75, 1.25), new(-0.1, 0.1)), AugmentationCatalog.Parse("ColorJitter 1.5 0 0.25 0.1"));
    }

    [Theory]
    [InlineData("RandomCrop", "padding is missing")]
    [InlineData("RandomCrop 0", "whole number from 1")]
    [InlineData("RandomCrop 2.5", "whole number")]
    [InlineData("RandomCrop 4 mirror", "one of constant, edge, reflect, symmetric")]
    [InlineData("RandomCrop 4 constant 0 9", "'9' is one too many")]
    [InlineData("RandomCrop 4 colour=3", "nothing called 'colour'")]
    [InlineData("RandomCrop 4 padding=3", "given twice")]
    [InlineData("HorizontalFlip 1.5", "number from 0 to 1")]
    [InlineData("HorizontalFlip 0,5", "number from 0 to 1")]
    [InlineData("RandomErasing 0.5 0.3,0.1", "the least and the most")]
    [InlineData("ColorJitter hue=0.7", "from -0.5 to 0.5")]
    [InlineData("RandAugment 2 31", "from 0 to 30")]
    [InlineData("Rotation NaN", "degrees")]
    public void What_cannot_be_is_said_with_the_way_to_write_it(string text, string reason)
    {
        CnnException error = Assert.Throws<CnnException>(() => AugmentationCatalog.Parse(text));

        Assert.Equal("BadAugmentation", error.Id);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains(text.Split(' ')[0], error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_name_lists_those_there_are()
    {
        CnnException far = Assert.Throws<CnnException>(() => AugmentationCatalog.Parse("Sepia 3"));
        CnnException near = Assert.Throws<CnnException>(() => AugmentationCatalog.Parse("HorizontalFlop"));

        Assert.All(AugmentationCatalog.All, info => Assert.Contains(info.Usage, far.Remedy, StringComparison.Ordinal));
        Assert.Equal("Did you mean HorizontalFlip [p]?", near.Remedy);
    }

    [Theory]
    [InlineData("ColorJitter 0.1 0.1 0.1", 1)]
    [InlineData("RandomCrop 32 reflect", 3)]
    [InlineData("RandAugment", 2)]
    public void Images_that_it_cannot_be_done_with_are_refused(string text, int channels) =>
        Assert.Equal("AugmentationDoesNotFit", Assert.Throws<CnnException>(
            () => AugmentationPlan.Parse([text], new Shape(channels, 32, 32), seed: 0)).Id);

    [Fact]
    public void Draws_depend_on_the_seed_and_the_place_in_the_training_alone()
    {
        RandAugment step = (RandAugment)AugmentationCatalog.Parse("RandAugment 4 20");

        Assert.Equal(Draw(3, "a"), Draw(3, "a"));
        Assert.NotEqual(Draw(3, "a"), Draw(4, "a"));
        Assert.NotEqual(Draw(3, "a"), Draw(3, "b"));

        Adjustment[] Draw(ulong seed, string purpose) => step.Draw(new RandomStream(seed, purpose), Colour);
    }

    [Fact]
    public void Draws_have_the_frequencies_that_they_should_have()
    {
        RandomStream random = new(1, "frequencies");
        RandomErasing erasing = (RandomErasing)AugmentationCatalog.Parse("RandomErasing 0.3 0.1,0.2 0.5,2");
        Box[] boxes = [.. Enumerable.Range(0, 4000).Select(_ => erasing.Draw(random, Colour))];
        RandomCrop crop = (RandomCrop)AugmentationCatalog.Parse("RandomCrop 4");
        int[] tops = [.. Enumerable.Range(0, 9000).Select(_ => crop.Draw(random, Colour).Vertical)];

        Assert.InRange(boxes.Count(box => box.Height > 0), 1100, 1300);
        Assert.All(boxes.Where(box => box.Height > 0), box =>
        {
            Assert.InRange(box.Height * box.Width / 1024.0, 0.08, 0.22);
            Assert.InRange((double)box.Height / box.Width, 0.42, 2.4);
            Assert.InRange(box.Top + box.Height, 1, 32);
        });
        Assert.All(Enumerable.Range(0, 9), top => Assert.InRange(tops.Count(t => t == top), 850, 1150));
    }
}
