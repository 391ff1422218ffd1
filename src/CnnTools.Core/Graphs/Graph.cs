using System.Collections.Immutable;
using CnnTools.Graphs.Layers;

namespace CnnTools.Graphs;

/// <summary>One layer of a network under its name, with the names of the nodes that it reads.</summary>
public sealed record Node(string Name, Layer Layer, ImmutableArray<string> Inputs)
{
    /// <summary>The earlier node whose weights it uses; null where it has its own.</summary>
    public string? SharedWith { get; init; }

    /// <summary>The name that its weights' names begin with.</summary>
    internal string WeightsOf => SharedWith ?? Name;
}

/// <summary>An output that counts in training only.</summary>
/// <param name="Node">Gives logits of the same classes as the network's.</param>
/// <param name="Weight">What its cross entropy is multiplied with in the loss.</param>
public sealed record AuxiliaryOutput(string Node, double Weight);

/// <summary>
/// A network as data: nodes in an order in which each comes after its inputs. Shapes are inferred when it is made, so that
/// an impossible network never exists.
/// </summary>
public sealed class Graph
{
    /// <summary>The name under which the first nodes read the network's input.</summary>
    public const string InputName = "input";

    /// <summary>The most values of one tensor, which pass through an array on their way to a file.</summary>
    public static readonly long MostValues = Array.MaxLength;

    private readonly Dictionary<string, Shape> _shapes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Node> _earlier = new(StringComparer.Ordinal);

    /// <param name="output">The node whose output is the network's; the last one where null.</param>
    /// <param name="auxiliary">Further outputs, for training.</param>
    /// <exception cref="CnnException">A name stands twice or is not known, or a shape cannot be.</exception>
    public Graph(
        Shape inputShape, ImmutableArray<Node> nodes, string? output = null,
        ImmutableArray<AuxiliaryOutput> auxiliary = default)
    {
        InputShape = inputShape;
        Nodes = nodes;
        if (nodes.IsDefaultOrEmpty)
        {
            throw Errors.InvalidGraph("it has no layers", "Add at least one layer.");
        }

        _shapes[InputName] = RequireInput(inputShape);
        foreach (Node node in nodes)
        {
            _shapes[node.Name] = InferShape(node, _shapes);
            RequireWeights(node, InputShapes(node));
            RequireShared(node);
            _earlier.Add(node.Name, node);
        }

        Output = output ?? nodes[^1].Name;
        Auxiliary = auxiliary.IsDefault ? [] : auxiliary;
        RequireOutputs();
        EvaluationNodes = NodesFor([Output]);
        TrainingNodes = Auxiliary.IsEmpty ? EvaluationNodes : NodesFor([Output, .. Auxiliary.Select(a => a.Node)]);
    }

    /// <summary>(channels, height, width) of one image.</summary>
    public Shape InputShape { get; }

    public ImmutableArray<Node> Nodes { get; }

    /// <summary>The node whose output is the network's.</summary>
    public string Output { get; }

    public ImmutableArray<AuxiliaryOutput> Auxiliary { get; }

    /// <summary>What the network's output hangs on, in order.</summary>
    public ImmutableArray<Node> EvaluationNodes { get; }

    /// <summary>The same with what the auxiliary outputs hang on.</summary>
    public ImmutableArray<Node> TrainingNodes { get; }

    public Shape OutputShape => _shapes[Output];

    /// <summary>Number of trained values; running statistics do not count.</summary>
    public long Parameters => Weights.Where(w => !w.Spec.IsBuffer).Sum(w => w.Spec.Count);

    /// <summary>Multiplications paired with an addition, for one image; what auxiliary outputs need does not count.</summary>
    public long MultiplyAdds => (long)Int128.Min(
        EvaluationNodes.Aggregate(Int128.Zero, (sum, n) => sum + n.Layer.CountMultiplyAdds(InputShapes(n), _shapes[n.Name])),
        long.MaxValue);

    /// <summary>All weights under their full names (conv1.weight), in PyTorch's order; shared ones once.</summary>
    public IEnumerable<(string Name, WeightSpec Spec)> Weights =>
        from node in Nodes
        where node.SharedWith is null
        from spec in node.Layer.GetWeights(InputShapes(node))
        select ($"{node.Name}.{spec.Name}", spec);

    /// <summary>The shape of a node's output, or of the input under <see cref="InputName"/>.</summary>
    public Shape ShapeOf(string node) => _shapes[node];

    public Shape[] InputShapes(Node node) => InputShapes(node, _shapes);

    /// <summary>The shape that a node gives behind nodes of these shapes.</summary>
    /// <exception cref="CnnException">Its name is among them, an input is not, or the shape cannot be.</exception>
    internal static Shape InferShape(Node node, IReadOnlyDictionary<string, Shape> earlier) =>
        earlier.ContainsKey(node.Name)
            ? throw Errors.InvalidGraph($"the name '{node.Name}' stands twice", "Give every layer its own name.")
            : node.Inputs.IsDefaultOrEmpty
                ? throw Errors.InvalidGraph($"layer '{node.Name}' has no input", $"Connect it to '{InputName}' or a layer.")
                : node.Layer.InferShape(node.Name, InputShapes(node, earlier));

    /// <exception cref="CnnException">An image would be more than a tensor holds.</exception>
    internal static Shape RequireInput(Shape shape) => shape.Count <= MostValues
        ? shape
        : throw Errors.InvalidGraph($"its input of {shape} is more than a tensor holds", "Use a smaller -InputShape.");

    internal static Shape[] InputShapes(Node node, IReadOnlyDictionary<string, Shape> earlier)
    {
        Shape[] shapes = new Shape[node.Inputs.Length];
        for (int i = 0; i < shapes.Length; i++)
        {
            shapes[i] = earlier.TryGetValue(node.Inputs[i], out Shape shape)
                ? shape
                : throw Errors.InvalidGraph($"layer '{node.Name}' reads '{node.Inputs[i]}', which does not come before it",
                    "Put layers after their inputs.");
        }

        return shapes;
    }

    /// <exception cref="CnnException">Its weight is negative or no number.</exception>
    internal static void RequireWeight(AuxiliaryOutput auxiliary)
    {
        if (!double.IsFinite(auxiliary.Weight) || auxiliary.Weight < 0)
        {
            throw Errors.InvalidGraph($"its auxiliary output '{auxiliary.Node}' has the weight {auxiliary.Weight}",
                "Give it a weight of at least 0.");
        }
    }

    /// <summary>
    /// The first batch norm of these that sees one value of each channel in an image: of a single image it cannot learn,
    /// since one value has no variance.
    /// </summary>
    internal Node? FindSingleValueNorm(IEnumerable<Node> nodes) =>
        nodes.FirstOrDefault(n => n.Layer is BatchNorm2d && ShapeOf(n.Name) is { Height: 1, Width: 1 });

    private ImmutableArray<Node> NodesFor(ReadOnlySpan<string> outputs)
    {
        HashSet<string> needed = new([.. outputs], StringComparer.Ordinal);
        for (int i = Nodes.Length - 1; i >= 0; i--)
        {
            if (needed.Contains(Nodes[i].Name))
            {
                needed.UnionWith(Nodes[i].Inputs);
            }
        }

        return Nodes.All(n => needed.Contains(n.Name)) ? Nodes : [.. Nodes.Where(n => needed.Contains(n.Name))];
    }

    private void RequireOutputs()
    {
        if (Output == InputName || !_shapes.ContainsKey(Output))
        {
            throw Errors.InvalidGraph($"its output '{Output}' is no layer of it", "Name one of its layers as the output.");
        }

        foreach (AuxiliaryOutput auxiliary in Auxiliary)
        {
            if (auxiliary.Node == Output || !_shapes.TryGetValue(auxiliary.Node, out Shape shape) || shape != OutputShape)
            {
                throw Errors.InvalidGraph(
                    $"its auxiliary output '{auxiliary.Node}' is not another layer that gives {OutputShape} as '{Output}' does",
                    "Name a layer that ends in as many outputs as the network.");
            }

            RequireWeight(auxiliary);
        }

        if (Auxiliary.DistinctBy(a => a.Node).Count() != Auxiliary.Length)
        {
            throw Errors.InvalidGraph("an auxiliary output stands twice", "Name each layer once.");
        }
    }

    /// <exception cref="CnnException">A weight is more than a tensor holds, or cannot be drawn as the layer says.</exception>
    internal static void RequireWeights(Node node, Shape[] inputs)
    {
        foreach (WeightSpec weight in node.Layer.GetWeights(inputs))
        {
            if (weight.Count > MostValues)
            {
                throw Errors.ImpossibleShape(node.Name, node.Layer.Kind, inputs[0],
                    $"its {weight.Name} of {string.Join('x', weight.Sizes)} is more than a tensor holds",
                    "Use fewer filters or outputs, pool before it, or use a smaller -InputShape.");
            }

            if (weight.Initializer.FaultFor(weight.Sizes) is { } fault)
            {
                throw Errors.InvalidGraph($"layer '{node.Name}' has a {weight.Name} that cannot be drawn as it says: {fault}",
                    "Give it another initializer.");
            }
        }
    }

    private void RequireShared(Node node)
    {
        if (node.SharedWith is null)
        {
            return;
        }

        Node? owner = _earlier.GetValueOrDefault(node.SharedWith);
        if (owner is null || owner.SharedWith is not null)
        {
            throw Errors.InvalidGraph($"layer '{node.Name}' shares the weights of '{node.SharedWith}', which has none of its own before it",
                "Name an earlier layer that has weights of its own.");
        }

        (string, string)[] own = Sizes(node);
        if (owner.Layer.Kind != node.Layer.Kind || own.Length == 0 || !own.SequenceEqual(Sizes(owner)))
        {
            throw Errors.InvalidGraph($"layer '{node.Name}' ({node.Layer.Kind}) cannot use the weights of '{owner.Name}' ({owner.Layer.Kind})",
                "Share weights between layers of one kind whose weights have the same sizes.");
        }

        (string, string)[] Sizes(Node of) =>
            [.. of.Layer.GetWeights(InputShapes(of)).Select(w => (w.Name, string.Join('x', w.Sizes)))];
    }
}
