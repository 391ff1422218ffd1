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
        ILookup<string, Node> readers = graph.Nodes
            .SelectMany(n => n.Inputs.Select(input => (Input: input, Reader: n)))
            .ToLookup(pair => pair.Input, pair => pair.Reader, StringComparer.Ordinal);
        Dictionary<string, Node> movable = graph.Nodes
            .Where(n => n.Layer is Activate { Function: Activation.ReLU or Activation.ReLU6 } && !IsOutput(n.Name)
                && readers[n.Name].ToArray() is [{ Layer: MaxPool2d, Inputs.Length: 1 }])
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

        return new Graph(
            graph.InputShape, nodes.DrainToImmutable(), Rename(graph.Output),
            [.. graph.Auxiliary.Select(a => a with { Node = Rename(a.Node) })]);

        string Rename(string name) => renamed.GetValueOrDefault(name, name);

        bool IsOutput(string name) => name == graph.Output || graph.Auxiliary.Any(a => a.Node == name);
    }
}
