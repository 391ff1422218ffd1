using System.Collections.Immutable;

namespace CnnTools.Graphs;

/// <summary>One layer of a network under its name, with the names of the nodes that it reads.</summary>
public sealed record Node(string Name, Layer Layer, ImmutableArray<string> Inputs);

/// <summary>
/// A network as data: nodes in an order in which each comes after its inputs; the last one's output is the network's.
/// Shapes are inferred when it is made, so that an impossible network never exists.
/// </summary>
public sealed class Graph
{
    /// <summary>The name under which the first nodes read the network's input.</summary>
    public const string InputName = "input";

    /// <summary>The most values of one tensor, which pass through an array on their way to a file.</summary>
    public static readonly long MostValues = Array.MaxLength;

    private readonly Dictionary<string, Shape> _shapes = new(StringComparer.Ordinal);

    /// <exception cref="CnnException">A name stands twice or is not known, or a shape cannot be.</exception>
    public Graph(Shape inputShape, ImmutableArray<Node> nodes)
    {
        InputShape = inputShape;
        Nodes = nodes;
        if (nodes.IsDefaultOrEmpty)
        {
            throw Errors.InvalidGraph("it has no layers", "Add at least one layer.");
        }

        if (inputShape.Count > MostValues)
        {
            throw Errors.InvalidGraph($"its input of {inputShape} is more than a tensor holds", "Use a smaller -InputShape.");
        }

        _shapes[InputName] = inputShape;
        foreach (Node node in nodes)
        {
            _shapes[node.Name] = _shapes.ContainsKey(node.Name)
                ? throw Errors.InvalidGraph($"the name '{node.Name}' stands twice", "Give every layer its own name.")
                : node.Inputs.IsDefaultOrEmpty
                    ? throw Errors.InvalidGraph($"layer '{node.Name}' has no input", $"Connect it to '{InputName}' or a layer.")
                    : node.Layer.InferShape(node.Name, InputShapes(node));
            RequireWeights(node);
        }
    }

    /// <summary>(channels, height, width) of one image.</summary>
    public Shape InputShape { get; }

    public ImmutableArray<Node> Nodes { get; }

    public Shape OutputShape => _shapes[Nodes[^1].Name];

    /// <summary>Number of trained values; running statistics do not count.</summary>
    public long Parameters => Weights.Where(w => !w.Spec.IsBuffer).Sum(w => w.Spec.Count);

    /// <summary>Multiplications paired with an addition, for one image.</summary>
    public long MultiplyAdds => (long)Int128.Min(
        Nodes.Aggregate(Int128.Zero, (sum, n) => sum + n.Layer.CountMultiplyAdds(InputShapes(n), _shapes[n.Name])),
        long.MaxValue);

    /// <summary>All weights under their full names (conv1.weight), in PyTorch's order.</summary>
    public IEnumerable<(string Name, WeightSpec Spec)> Weights =>
        from node in Nodes
        from spec in node.Layer.GetWeights(InputShapes(node))
        select ($"{node.Name}.{spec.Name}", spec);

    /// <summary>The shape of a node's output, or of the input under <see cref="InputName"/>.</summary>
    public Shape ShapeOf(string node) => _shapes[node];

    public Shape[] InputShapes(Node node)
    {
        Shape[] shapes = new Shape[node.Inputs.Length];
        for (int i = 0; i < shapes.Length; i++)
        {
            shapes[i] = _shapes.TryGetValue(node.Inputs[i], out Shape shape)
                ? shape
                : throw Errors.InvalidGraph($"layer '{node.Name}' reads '{node.Inputs[i]}', which does not come before it",
                    "Put layers after their inputs.");
        }

        return shapes;
    }

    private void RequireWeights(Node node)
    {
        Shape[] inputs = InputShapes(node);
        if (node.Layer.GetWeights(inputs).FirstOrDefault(w => w.Count > MostValues) is { } weight)
        {
            throw Errors.ImpossibleShape(node.Name, node.Layer.Kind, inputs[0],
                $"its {weight.Name} of {string.Join('x', weight.Sizes)} is more than a tensor holds",
                "Use fewer filters or outputs, pool before it, or use a smaller -InputShape.");
        }
    }
}
