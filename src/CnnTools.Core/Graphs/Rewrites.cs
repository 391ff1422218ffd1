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
        Dictionary<string, Node> movable = graph.Nodes
            .Where(n => n.Layer is Activate { Function: Activation.ReLU or Activation.ReLU6 } && IsReadByOnePooling(graph, n))
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

        return new Graph(graph.InputShape, nodes.DrainToImmutable());

        string Rename(string name) => renamed.GetValueOrDefault(name, name);
    }

    private static bool IsReadByOnePooling(Graph graph, Node relu)
    {
        Node[] readers = [.. graph.Nodes.Where(n => n.Inputs.Contains(relu.Name))];
        return readers is [{ Layer: MaxPool2d, Inputs.Length: 1 }];
    }
}
