using CnnTools.Drawing;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Tests.Drawing;

public sealed class BlockTests
{
    [Fact]
    public void Blocks_are_names_that_begin_alike_up_to_a_point()
    {
        IReadOnlyList<Block> blocks = Block.Find(
            ["input", "layer1.0.a", "layer1.0.b", "layer1.0.c", "layer1.1.a", "layer10", "pair.a", "pair.b", "x.y.a", "x.y.b", "x.y.c"]);

        Assert.Equal(["layer1", "x.y"], blocks.Select(b => b.Prefix));
        Assert.Equal([1, 2, 3, 4], blocks[0].Members);
        Assert.Equal(["layer1.0"], blocks[0].Inner.Select(b => b.Prefix));
        Assert.Equal((1, 0), (blocks[0].Height, blocks[1].Height));
    }

    [Fact]
    public void Names_of_points_alone_do_no_harm()
    {
        string deep = new('.', 10_000);
        Assert.NotEmpty(Block.Find([deep, deep + "a", deep + "b"]).SelectMany(b => b.All));
    }

    [Fact]
    public void A_frame_that_would_hold_others_boxes_is_not_drawn()
    {
        // One block in two parts, with another layer between them.
        Graph graph = new GraphBuilder(new Shape(5))
            .Then("a.1", new Linear(5)).Then("a.2", new Linear(5)).Then("other", new Linear(5)).Then("a.3", new Linear(5))
            .Then("b.1", new Linear(5)).Then("b.2", new Linear(5)).Then("b.3", new Linear(5))
            .Build();
        Picture picture = new("net", graph);
        LayeredLayout layout = new([.. picture.Boxes.Select(_ => 50.0)], picture.Arrows);

        Assert.Equal(["a", "b"], picture.Blocks.Select(b => b.Prefix));
        Assert.Null(BlockFrame.Around(picture.Blocks[0], picture, layout));
        BlockFrame frame = BlockFrame.Around(picture.Blocks[1], picture, layout)!;
        Assert.Equal((5, 7), (frame.FirstRank, frame.LastRank));
    }
}
