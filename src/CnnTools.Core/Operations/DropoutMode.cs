using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Operations;

/// <summary>When dropout makes up for what it drops: seed 004's two conventions, under Paddle's names.</summary>
public enum DropoutMode
{
    /// <summary>What is kept is divided by 1 - p in training: PyTorch's way.</summary>
    UpscaleInTrain,

    /// <summary>What is kept stays as it is in training; everything is multiplied by 1 - p in evaluation. Paddle's default.</summary>
    DownscaleInInfer,
}

/// <summary>Dropout's second convention, written in layers.</summary>
public static class DropoutConventions
{
    /// <summary>
    /// The same layers, with every dropout in this mode. Multiplied by 1 - p whether training or not, what dropout gives in
    /// the first mode is what it gives in the second.
    /// </summary>
    public static Graph With(this Graph graph, DropoutMode mode) => mode == DropoutMode.UpscaleInTrain
        ? graph
        : new(graph.InputShape, [.. graph.Nodes.SelectMany(Downscale)], graph.Output, graph.Auxiliary);

    // The factor has the dropout's name, so that what reads it need not change.
    private static Node[] Downscale(Node node)
    {
        string upscaled = $"{node.Name}_upscaled";
        return node.Layer is Dropout dropout
            ? [node with { Name = upscaled }, new(node.Name, new Affine(1 - dropout.Probability), [upscaled])]
            : [node];
    }
}
