using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Drawing;

/// <summary>What a layer is to the eye.</summary>
internal enum BoxKind
{
    Input,
    Convolution,
    Linear,
    Normalization,
    Activation,
    Pooling,
    Sum,
    Concatenation,
    Product,
    Other,
}

/// <summary>A layer in the picture.</summary>
/// <param name="Name">Its name as it is drawn.</param>
/// <param name="Detail">Type, window and the shape of its output.</param>
internal sealed record Box(string Name, string Detail, BoxKind Kind)
{
    /// <summary>Where branches come together.</summary>
    public bool IsJoin => Kind is BoxKind.Sum or BoxKind.Concatenation or BoxKind.Product;
}

/// <summary>From one box to a later one, by their indices.</summary>
internal sealed record Arrow(int From, int To);

/// <summary>A network as it is drawn, in whatever format: boxes, the input's first, each after those that point to it.</summary>
internal sealed class Picture
{
    public Picture(string name, Graph graph)
    {
        Title = Label.Clean(new NetworkSummary(name, graph).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Dictionary<string, int> indices = new(StringComparer.Ordinal) { [Graph.InputName] = 0 };
        List<Box> boxes = [new(Graph.InputName, graph.InputShape.ToString(), BoxKind.Input)];
        List<Arrow> arrows = [];
        foreach (Node node in graph.Nodes)
        {
            arrows.AddRange(node.Inputs.Distinct().Select(input => new Arrow(indices[input], boxes.Count)));
            indices[node.Name] = boxes.Count;
            boxes.Add(new(Label.Clean(node.Name), $"{Label.Of(node.Layer)} \u2192 {graph.ShapeOf(node.Name)}", KindOf(node.Layer)));
        }

        (Boxes, Arrows) = (boxes, arrows);
        Blocks = Block.Find([.. boxes.Select(box => box.Name)]);
    }

    /// <summary>The network's label and totals.</summary>
    public string Title { get; }

    public IReadOnlyList<Box> Boxes { get; }

    public IReadOnlyList<Arrow> Arrows { get; }

    /// <summary>The outermost blocks.</summary>
    public IReadOnlyList<Block> Blocks { get; }

    private static BoxKind KindOf(Layer layer) => layer switch
    {
        Conv2d => BoxKind.Convolution,
        Linear => BoxKind.Linear,
        BatchNorm2d or LocalResponseNorm => BoxKind.Normalization,
        Activate => BoxKind.Activation,
        WindowPooling or AdaptivePooling or ChannelPool => BoxKind.Pooling,
        Add => BoxKind.Sum,
        Concat => BoxKind.Concatenation,
        Multiply => BoxKind.Product,
        _ => BoxKind.Other,
    };
}
