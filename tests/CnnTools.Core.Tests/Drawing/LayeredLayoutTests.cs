using CnnTools.Drawing;
using CnnTools.Tests.Data;
using CnnTools.Zoo;
using FsCheck;
using FsCheck.Fluent;

namespace CnnTools.Tests.Drawing;

public sealed class LayeredLayoutTests
{
    private static readonly Gen<(double[] Widths, Arrow[] Arrows)> Networks =
        from count in Gen.Choose(1, 25)
        from widths in Gen.Choose(20, 200).ArrayOf(count)
        from targets in Gen.Choose(0, 999).ArrayOf(count + 10)
        select (
            (double[])[.. widths.Select(w => (double)w)],
            (Arrow[])
            [
                .. targets.Select((t, i) => (Box: 1 + (i % Math.Max(1, count - 1)), t))
                    .Where(pair => pair.Box < count)
                    .Select(pair => new Arrow(pair.t % pair.Box, pair.Box))
                    .Distinct().OrderBy(arrow => arrow.To),
            ]);

    [Fact]
    public void Nothing_overlaps_and_every_arrow_goes_down() => Properties.Hold(Prop.ForAll(Networks.ToArbitrary(), network =>
    {
        LayeredLayout layout = new(network.Widths, network.Arrows);
        AssertSound(layout, network.Arrows);
        Assert.Equal(
            layout.Routes.Sum(route => route.Count - 2L), LayeredLayout.CountPlaces(network.Widths.Length, network.Arrows));
    }));

    [Fact]
    public void Networks_of_the_catalog_are_laid_out_soundly()
    {
        foreach (Architecture architecture in Catalog.All)
        {
            Picture picture = new(architecture.Name, architecture.Build(architecture.Input, architecture.Classes));
            AssertSound(new([.. picture.Boxes.Select(_ => 100.0)], picture.Arrows), picture.Arrows);
        }
    }

    [Fact]
    public void The_way_past_a_shortcut_is_straight()
    {
        Picture picture = new("net", Catalog.Get("ResNet18").Build(new Shape(3, 224, 224), 10));
        LayeredLayout layout = new([.. picture.Boxes.Select((_, i) => 80.0 + (i * 7 % 40))], picture.Arrows);

        string[] line = ["layer1.0.conv1", "layer1.0.bn2", "layer1.0.add", "layer1.1.conv1", "layer1.1.relu"];
        Assert.Single(line.Select(name => layout.Boxes[IndexOf(picture, name)].X).Distinct());
    }

    [Fact]
    public void A_join_of_branches_stands_in_their_middle()
    {
        // Four branches of different lengths.
        Arrow[] arrows = [new(0, 1), new(0, 2), new(0, 3), new(3, 4), new(0, 5), new(5, 6), new(6, 7), new(1, 8), new(2, 8), new(4, 8), new(7, 8)];
        LayeredLayout layout = new([.. Enumerable.Repeat(100.0, 9)], arrows);

        double[] branches = [.. new[] { 1, 2, 3, 5 }.Select(i => layout.Boxes[i].X)];
        Assert.InRange(layout.Boxes[8].X, branches.Order().ElementAt(1), branches.Order().ElementAt(2));
        Assert.Equal(layout.Boxes[5].X, layout.Boxes[7].X);
    }

    private static void AssertSound(LayeredLayout layout, IReadOnlyList<Arrow> arrows)
    {
        HashSet<Slot> all = [.. layout.Boxes, .. layout.Routes.SelectMany(route => route)];
        foreach (IGrouping<int, Slot> rank in all.GroupBy(slot => slot.Rank))
        {
            Slot[] row = [.. rank.OrderBy(slot => slot.X)];
            for (int i = 1; i < row.Length; i++)
            {
                Assert.True(row[i].X - row[i - 1].X > (row[i].Width + row[i - 1].Width) / 2, "two of a row overlap");
            }
        }

        foreach ((Arrow arrow, List<Slot> route) in arrows.Zip(layout.Routes))
        {
            Assert.Equal((layout.Boxes[arrow.From], layout.Boxes[arrow.To]), (route[0], route[^1]));
            Assert.Equal(Enumerable.Range(route[0].Rank, route.Count), route.Select(slot => slot.Rank));
        }

        Assert.Equal(all.Max(slot => slot.Rank) + 1, layout.Ranks);
    }

    private static int IndexOf(Picture picture, string name) => picture.Boxes.ToList().FindIndex(box => box.Name == name);
}
