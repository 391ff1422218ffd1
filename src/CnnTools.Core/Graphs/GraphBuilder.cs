using System.Collections.Immutable;

namespace CnnTools.Graphs;

/// <summary>Writes a network down layer by layer; each new layer reads the one before unless told otherwise.</summary>
public sealed class GraphBuilder(Shape inputShape)
{
    private readonly ImmutableArray<Node>.Builder _nodes = ImmutableArray.CreateBuilder<Node>();
    private readonly ImmutableArray<AuxiliaryOutput>.Builder _auxiliary = ImmutableArray.CreateBuilder<AuxiliaryOutput>();

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

    /// <summary>Adds a layer behind the last one that uses an earlier layer's weights.</summary>
    public GraphBuilder ThenShared(string name, Layer layer, string sharedWith)
    {
        _nodes.Add(new(name, layer, [Last]) { SharedWith = sharedWith });
        Last = name;
        return this;
    }

    /// <summary>Goes on behind an earlier node, or behind the input.</summary>
    public GraphBuilder From(string name)
    {
        Last = name;
        return this;
    }

    /// <summary>Makes the last node an auxiliary output.</summary>
    /// <param name="weight">Of its share in the loss.</param>
    public GraphBuilder Auxiliary(double weight)
    {
        _auxiliary.Add(new(Last, weight));
        return this;
    }

    /// <summary>The last node is the network's output.</summary>
    public Graph Build() => new(inputShape, _nodes.ToImmutable(), auxiliary: _auxiliary.ToImmutable());
}
