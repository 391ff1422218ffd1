using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Zoo;

namespace CnnTools.Tests.Zoo;

/// <summary>The choices of "Identity Mappings" in the residual networks for small images.</summary>
public sealed class CifarResNetTests
{
    // ResNet-110 has 54 blocks, 18 of each width; in the first of stages 2 and 3 the width doubles.
    private const long WithoutShortcuts = 1_727_962;
    private const long Projections = (16 * 32) + (32 * 64);
    private const long Convolutions = (18 * 16 * 16) + (17 * 32 * 32) + (17 * 64 * 64) + Projections;
    private const long GateBiases = 18 * (16 + 32 + 64);
    private const long BatchNorms = 2 * 18 * (16 + 32 + 64);

    [Theory]
    [InlineData("PreActResNet110", Shortcut.ZeroPadding, WithoutShortcuts)]
    [InlineData("PreActResNet110", Shortcut.Projection, 1_730_522)]
    [InlineData("PreActResNet110", Shortcut.Convolution, WithoutShortcuts + Convolutions)]
    [InlineData("PreActResNet110", Shortcut.ConstantScaling, WithoutShortcuts)]
    [InlineData("PreActResNet110", Shortcut.Dropout, WithoutShortcuts)]
    [InlineData("PreActResNet110", Shortcut.ExclusiveGating, WithoutShortcuts + Convolutions + GateBiases)]
    [InlineData("CifarResNet110", Shortcut.ShortcutOnlyGating, WithoutShortcuts + Convolutions + GateBiases)]
    [InlineData("CifarResNet110", Shortcut.Convolution, WithoutShortcuts + Convolutions + BatchNorms)]
    [InlineData("CifarResNet110", Shortcut.Projection, WithoutShortcuts + Projections + (2 * (32 + 64)))]
    public void A_shortcut_has_its_parameters(string name, Shortcut shortcut, long expected) =>
        Assert.Equal(expected, Build(name, new() { Shortcut = shortcut }).Parameters);

    [Theory]
    [InlineData(Placement.Original, "bn2", "add", "relu2")]
    [InlineData(Placement.BatchNormAfterAddition, "conv2", "add", "bn2", "relu2")]
    [InlineData(Placement.ReluBeforeAddition, "bn2", "relu2", "add")]
    [InlineData(Placement.ReluOnlyPreactivation, "relu2", "conv2", "bn2", "add")]
    [InlineData(Placement.FullPreactivation, "bn2", "relu2", "conv2", "add")]
    public void A_placement_gives_a_block_the_papers_order(Placement placement, params string[] expected)
    {
        Graph graph = Build("CifarResNet20", new() { Placement = placement });

        Assert.Equal(expected, graph.Nodes.Select(n => n.Name)
            .Where(n => n.StartsWith("layer1.1.", StringComparison.Ordinal)).TakeLast(expected.Length).Select(n => n[9..]));
        Assert.Equal(Build("CifarResNet20", ArchitectureOptions.None).Parameters, graph.Parameters);
    }

    [Fact]
    public void A_first_pre_activation_stands_before_both_paths()
    {
        Graph graph = Build("PreActResNet110", ArchitectureOptions.None);

        Assert.Equal(["layer1.0.conv2", "layer1.0.relu1"], InputsOf("layer1.0.add"));
        Assert.Equal(["layer1.1.conv2", "layer1.0.add"], InputsOf("layer1.1.add"));

        IEnumerable<string> InputsOf(string name) => graph.Nodes.Single(n => n.Name == name).Inputs;
    }

    [Fact]
    public void A_shortcut_with_dropout_drops_half_of_what_is_added()
    {
        Graph graph = Build("CifarResNet20", new() { Shortcut = Shortcut.Dropout });
        string[] shortcuts = [.. graph.Nodes.Where(n => n.Layer is Add).Select(n => n.Inputs[1])];

        Assert.Equal(9, shortcuts.Length);
        Assert.All(shortcuts, name => Assert.Equal(new Dropout(0.5), graph.Nodes.Single(n => n.Name == name).Layer));
    }

    [Theory]
    [InlineData("WideResNet28_10", 12)]
    [InlineData("DenseNet40_k12", 38)] // One for each layer, one for each transition.
    [InlineData("DenseNetBC100_k12", 98)]
    public void Dropout_is_there_where_it_is_asked_for(string name, int layers)
    {
        Assert.DoesNotContain(Build(name, ArchitectureOptions.None).Nodes, n => n.Layer is Dropout);
        Assert.Equal(layers, Build(name, new() { Dropout = 0.2 }).Nodes.Count(n => n.Layer is Dropout { Probability: 0.2 }));
    }

    private static Graph Build(string name, ArchitectureOptions options) =>
        Catalog.Get(name).Build(new Shape(3, 32, 32), 10, options);
}
