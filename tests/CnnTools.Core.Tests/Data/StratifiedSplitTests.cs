using CnnTools.Data;
using FsCheck;
using FsCheck.Fluent;

namespace CnnTools.Tests.Data;

public class StratifiedSplitTests
{
    /// <summary>Up to eight classes of 12 to 60 images, sorted or shuffled, and a share of 0.1 to 0.9.</summary>
    private static readonly Gen<(int[] Labels, double Share, ulong Seed)> Cases =
        from counts in Gen.Choose(12, 60).NonEmptyListOf().Select(list => list.Take(8).ToArray())
        from percent in Gen.Choose(10, 90)
        from seed in Gen.Choose(0, int.MaxValue)
        from sorted in Gen.Elements(true, false)
        select (MakeLabels(counts, sorted, (ulong)seed), percent / 100.0, (ulong)seed);

    [Fact]
    public void Every_index_is_on_exactly_one_side_in_ascending_order() => Properties.Hold(Prop.ForAll(
        Cases.ToArbitrary(),
        made =>
        {
            (int[] training, int[] validation) = StratifiedSplit.Split(MakeSet(made.Labels), made.Share, made.Seed);
            return training.SequenceEqual(training.Order()) && validation.SequenceEqual(validation.Order())
                && training.Concat(validation).Order().SequenceEqual(Enumerable.Range(0, made.Labels.Length));
        }));

    [Fact]
    public void Every_class_gives_its_share_within_one_image_and_the_total_is_rounded() => Properties.Hold(Prop.ForAll(
        Cases.ToArbitrary(),
        made =>
        {
            (_, int[] validation) = StratifiedSplit.Split(MakeSet(made.Labels), made.Share, made.Seed);
            bool classes = made.Labels.Distinct().All(label => Math.Abs(
                validation.Count(i => made.Labels[i] == label) - (made.Share * made.Labels.Count(l => l == label))) < 1);
            return classes && Math.Abs(validation.Length - (made.Share * made.Labels.Length)) <= 0.5 + 1e-9;
        }));

    [Fact]
    public void The_same_seed_splits_the_same_way_and_another_seed_another_way()
    {
        ImageSet set = MakeSet(MakeLabels([50, 50, 50], sorted: true, 0));
        int[] first = StratifiedSplit.Split(set, 0.2, 7).Validation;
        Assert.Equal(first, StratifiedSplit.Split(set, 0.2, 7).Validation);
        Assert.NotEqual(first, StratifiedSplit.Split(set, 0.2, 8).Validation);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_share_outside_0_and_1_is_an_error(double share) =>
        Assert.Equal("InvalidArgument",
            Assert.Throws<CnnException>(() => StratifiedSplit.Split(MakeSet([0, 0, 1, 1]), share, 0)).Id);

    [Theory]
    [InlineData(0.1, "validation")]
    [InlineData(0.9, "training")]
    public void A_class_left_without_images_on_one_side_is_an_error(double share, string side)
    {
        int[] labels = MakeLabels([50, 50, 2], sorted: true, 0);
        CnnException error = Assert.Throws<CnnException>(() => StratifiedSplit.Split(MakeSet(labels), share, 0));
        Assert.Contains("the 2 images of class 2", error.Message, StringComparison.Ordinal);
        Assert.Contains(side, error.Message, StringComparison.Ordinal);
    }

    private static int[] MakeLabels(int[] counts, bool sorted, ulong seed)
    {
        int[] labels = [.. counts.SelectMany((count, label) => Enumerable.Repeat(label, count))];
        if (!sorted)
        {
            new RandomStream(seed, "labels").Shuffle<int>(labels);
        }

        return labels;
    }

    private static ImageSet MakeSet(int[] labels) => new(new byte[labels.Length], labels, new Shape(1, 1, 1));
}
