using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Operations;

namespace CnnTools.Tests.Operations;

public sealed class DropoutConventionsTests
{
    private static readonly Graph Layers = new GraphBuilder(new Shape(4))
        .Then("fc1", new Linear(4)).Then("drop", new Dropout(0.25)).Then("fc2", new Linear(2)).Then("last", new Dropout(0.5)).Build();

    [Fact]
    public void Upscaling_is_what_layers_do_anyway() => Assert.Same(Layers, Layers.With(DropoutMode.UpscaleInTrain));

    [Fact]
    public void Downscaling_puts_a_factor_behind_each_dropout_under_its_name()
    {
        Graph graph = Layers.With(DropoutMode.DownscaleInInfer);

        Assert.Equal(["fc1", "drop_upscaled", "drop", "fc2", "last_upscaled", "last"], graph.Nodes.Select(n => n.Name));
        Assert.Equal([0.75, 0.5], graph.Nodes.Select(n => n.Layer).OfType<Affine>().Select(a => a.Scale));
        Assert.Equal("drop", graph.Nodes[3].Inputs[0]);
        Assert.Equal("last", graph.Output);
        Assert.Equal(Layers.Weights.Select(w => w.Name), graph.Weights.Select(w => w.Name));
    }
}
