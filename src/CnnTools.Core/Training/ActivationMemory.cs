using System.Collections.Immutable;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Training;

/// <summary>The bytes of one image's way through a network, in float32.</summary>
public static class ActivationMemory
{
    /// <summary>What is kept for the backward pass: the input, each node's output, and what nodes note besides.</summary>
    public static double Kept(Graph graph) =>
        (graph.InputShape.Count + graph.TrainingNodes.Sum(node => KeptBy(graph, node))) * sizeof(float);

    /// <summary>The most at once that waits for a reader, what was just made among it, when these nodes run in order.</summary>
    public static double MostAlive(Graph graph, ImmutableArray<Node> nodes)
    {
        Dictionary<string, int> readers = GraphExecutor.CountReaders(nodes);
        double alive = graph.InputShape.Count;
        double most = alive;
        foreach (Node node in nodes)
        {
            alive += graph.ShapeOf(node.Name).Count;
            most = Math.Max(most, alive);
            foreach (string name in node.Inputs)
            {
                if (--readers[name] == 0)
                {
                    alive -= graph.ShapeOf(name).Count;
                }
            }
        }

        return most * sizeof(float);
    }

    /// <summary>Values: a node's output, which its reader keeps, and what the node notes besides.</summary>
    private static double KeptBy(Graph graph, Node node)
    {
        double output = graph.ShapeOf(node.Name).Count;
        return node.Layer switch
        {
            // Where each maximum was.
            MaxPool2d or AdaptiveMaxPool2d => output + (output * sizeof(long) / sizeof(float)),
            ConvMaxPoolReLU => output + (output * sizeof(byte) / sizeof(float)),
            ChannelPool => output + (output / 2 * sizeof(long) / sizeof(float)),

            // What was dropped.
            Dropout => output * 2,

            // The squares, what they are raised from and what is divided by.
            LocalResponseNorm => output * 4,
            _ => output,
        };
    }
}
