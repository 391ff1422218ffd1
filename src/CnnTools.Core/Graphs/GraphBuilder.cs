using System.Collections.Immutable;

namespace CnnTools.Graphs;

/// <summary>A place in a network that is being written.</summary>
public readonly record struct GraphMark(int Nodes, int Auxiliary, string Last);

/// <summary>
/// Writes a network down layer by layer; each new layer reads the one before unless told otherwise. A layer whose shape
/// cannot be is an error when it is added.
/// </summary>
public sealed class GraphBuilder(Shape inputShape)
{
    private readonly ImmutableArray<Node>.Builder _nodes = ImmutableArray.CreateBuilder<Node>();
    private readonly ImmutableArray<AuxiliaryOutput>.Builder _auxiliary = ImmutableArray.CreateBuilder<AuxiliaryOutput>();
    private readonly Dictionary<string, Shape> _shapes =
        new(StringComparer.Ordinal) { [Graph.InputName] = Graph.RequireInput(inputShape) };

    /// <summary>The name of the node added last: where a branch begins.</summary>
    public string Last { get; private set; } = Graph.InputName;

    /// <summary>The shape of its output.</summary>
    public Shape LastShape => _shapes[Last];

    /// <summary>Whether a layer of this name was added, or it is the input's.</summary>
    public bool Contains(string name) => _shapes.ContainsKey(name);

    /// <summary>Adds a layer behind the last one.</summary>
    public GraphBuilder Then(string name, Layer layer) => Add(name, layer, Last);

    /// <summary>Adds a layer behind the named ones.</summary>
    /// <exception cref="CnnException">It cannot take their shapes, one of them is not there, or its name is taken.</exception>
    public GraphBuilder Add(string name, Layer layer, params ReadOnlySpan<string> inputs) =>
        Add(new Node(name, layer, [.. inputs]));

    /// <summary>Adds a layer behind the last one that uses an earlier layer's weights.</summary>
    public GraphBuilder ThenShared(string name, Layer layer, string sharedWith) =>
        Add(new Node(name, layer, [Last]) { SharedWith = sharedWith });

    /// <summary>Goes on behind an earlier node, or behind the input.</summary>
    public GraphBuilder From(string name)
    {
        Last = name;
        return this;
    }

    /// <summary>Makes the last node an auxiliary output.</summary>
    /// <param name="weight">Of its share in the loss.</param>
    /// <exception cref="CnnException">The weight is negative or no number.</exception>
    public GraphBuilder Auxiliary(double weight)
    {
        AuxiliaryOutput output = new(Last, weight);
        Graph.RequireWeight(output);
        _auxiliary.Add(output);
        return this;
    }

    /// <summary>How far the network is written; <see cref="BackTo"/> takes back all that comes after.</summary>
    public GraphMark Mark => new(_nodes.Count, _auxiliary.Count, Last);

    /// <summary>Takes back all that was added since; the mark must be this network's own.</summary>
    public void BackTo(GraphMark mark)
    {
        for (int i = mark.Nodes; i < _nodes.Count; i++)
        {
            _shapes.Remove(_nodes[i].Name);
        }

        _nodes.Count = mark.Nodes;
        _auxiliary.Count = mark.Auxiliary;
        Last = mark.Last;
    }

    /// <summary>The last node is the network's output.</summary>
    public Graph Build() => new(inputShape, _nodes.ToImmutable(), Last, _auxiliary.ToImmutable());

    private GraphBuilder Add(Node node)
    {
        Shape shape = Graph.InferShape(node, _shapes);
        Graph.RequireWeights(node, Graph.InputShapes(node, _shapes));
        _shapes.Add(node.Name, shape);
        _nodes.Add(node);
        Last = node.Name;
        return this;
    }
}
