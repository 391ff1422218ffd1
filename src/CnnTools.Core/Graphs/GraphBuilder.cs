using System.Collections.Immutable;

namespace CnnTools.Graphs;

/// <summary>Writes a network down layer by layer; each new layer reads the one before unless told otherwise.</summary>
public sealed class GraphBuilder(Shape inputShape)
{
    private readonly ImmutableArray<Node>.Builder _nodes = ImmutableArray.CreateBuilder<Node>();

    /// <summary>The name of the node added last: where a branch begins.</summary>
    public string Last { get; private set; } = Graph.InputName;

    /// <summary>Adds a layer behind the last one.</summary>
    public GraphBuilder Then(string name, Layer layer) => Add(name, layer, Last);

    /// <summary>Adds a layer behind the named ones.</summary>
    public GraphBuilder Add(string name, Layer layer, params ReadOnlySpan<string> inputs)
    {
        _nodes.Add(new(name, layer, [.. inputs]));
        Last = name;
        return this;
    }

    public Graph Build() => new(inputShape, _nodes.ToImmutable());
}
