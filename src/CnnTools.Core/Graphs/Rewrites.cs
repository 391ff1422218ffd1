using System.Collections.Immutable;
using CnnTools.Backends;
using CnnTools.Graphs.Layers;

namespace CnnTools.Graphs;

/// <summary>
/// Rewrites that change how fast a network runs and nothing that it computes. Each is proven equal by a test and earns
/// its place in bench/.
/// </summary>
public static class Rewrites
{
    /// <summary>
    /// Moves a ReLU that only a max pooling reads behind it: the same values and gradients bit for bit, since the
    /// largest value is the largest before and after, on a quarter of the values where the pooling is 2x2.
    /// </summary>
    public static Graph ReluBehindMaxPooling(Graph graph)
    {
        Func<Node, Node?> onlyReader = OnlyReaders(graph);
        Dictionary<string, Node> movable = graph.Nodes
            .Where(n => n.Layer is Activate { Function: Activation.ReLU or Activation.ReLU6 }
                && onlyReader(n) is { Layer: MaxPool2d, Inputs.Length: 1 })
            .ToDictionary(n => n.Name, StringComparer.Ordinal);
        if (movable.Count == 0)
        {
            return graph;
        }

        // Whoever read the pooling reads the ReLU that now comes behind it.
        Dictionary<string, string> renamed = new(StringComparer.Ordinal);
        ImmutableArray<Node>.Builder nodes = ImmutableArray.CreateBuilder<Node>(graph.Nodes.Length);
        foreach (Node node in graph.Nodes)
        {
            if (movable.ContainsKey(node.Name))
            {
                continue;
            }

            if (movable.TryGetValue(node.Inputs[0], out Node? relu))
            {
                nodes.Add(node with { Inputs = [.. relu.Inputs.Select(Rename)] });
                nodes.Add(relu with { Inputs = [node.Name] });
                renamed.Add(node.Name, relu.Name);
            }
            else
            {
                nodes.Add(node with { Inputs = [.. node.Inputs.Select(Rename)] });
            }
        }

        return WithNodes(graph, nodes.DrainToImmutable(), Rename);

        string Rename(string name) => renamed.GetValueOrDefault(name, name);
    }

    /// <summary>
    /// Joins a convolution, the 2x2 max pooling that alone reads it and the ReLU that alone reads that into one layer
    /// under the convolution's name: the same values but for the order of additions. Forward, the convolution's output
    /// is never written down; backward, one value of four is followed.
    /// </summary>
    public static Graph FuseConvolutionPooling(Graph graph)
    {
        Func<Node, Node?> onlyReader = OnlyReaders(graph);
        HashSet<string?> shared = [.. graph.Nodes.Where(n => n.SharedWith is not null).SelectMany(n => new[] { n.Name, n.SharedWith })];
        HashSet<string> joined = new(StringComparer.Ordinal);
        Dictionary<string, string> renamed = new(StringComparer.Ordinal);
        ImmutableArray<Node>.Builder nodes = ImmutableArray.CreateBuilder<Node>(graph.Nodes.Length);
        foreach (Node node in graph.Nodes)
        {
            if (joined.Contains(node.Name))
            {
                continue;
            }

            Node running = node with { Inputs = [.. node.Inputs.Select(Rename)] };
            if (node.Layer is Conv2d convolution && !shared.Contains(node.Name) && ConvMaxPoolReLU.CanBegin(convolution, graph.InputShapes(node)[0])
                && onlyReader(node) is { Layer: MaxPool2d pooling } pool && pooling == ConvMaxPoolReLU.Pooling
                && onlyReader(pool) is { Layer: Activate { Function: Activation.ReLU } } relu)
            {
                joined.UnionWith([pool.Name, relu.Name]);
                renamed.Add(relu.Name, node.Name);
                running = running with { Layer = new ConvMaxPoolReLU(convolution) };
            }

            nodes.Add(running);
        }

        return joined.Count == 0 ? graph : WithNodes(graph, nodes.DrainToImmutable(), Rename);

        string Rename(string name) => renamed.GetValueOrDefault(name, name);
    }

    /// <summary>Tells of a node the one that alone reads it; null where several do, or it is an output.</summary>
    private static Func<Node, Node?> OnlyReaders(Graph graph)
    {
        ILookup<string, Node> readers = graph.Nodes
            .SelectMany(n => n.Inputs.Select(input => (Input: input, Reader: n)))
            .ToLookup(pair => pair.Input, pair => pair.Reader, StringComparer.Ordinal);
        HashSet<string> outputs = new(graph.Auxiliary.Select(a => a.Node).Append(graph.Output), StringComparer.Ordinal);
        return node => !outputs.Contains(node.Name) && readers[node.Name].ToArray() is [{ } reader] ? reader : null;
    }

    private static Graph WithNodes(Graph graph, ImmutableArray<Node> nodes, Func<string, string> rename) => new(
        graph.InputShape, nodes, rename(graph.Output), [.. graph.Auxiliary.Select(a => a with { Node = rename(a.Node) })]);
}
