using CnnTools.Backends;

namespace CnnTools.Graphs;

/// <summary>One layer of a network, for a table. What makes no sense for its type is null.</summary>
public sealed record LayerRecord
{
    private readonly NetworkSummary _network;

    private LayerRecord(NetworkSummary network) => _network = network;

    public string Model => _network.Name;

    public required string Name { get; init; }

    public required string Type { get; init; }

    public Pair? Kernel { get; init; }

    public Pair? Stride { get; init; }

    public Padding? Padding { get; init; }

    public required Shape OutputShape { get; init; }

    /// <summary>Number of trained values; 0 where it uses another layer's.</summary>
    public required long Parameters { get; init; }

    /// <summary>Multiplications paired with an addition, for one image.</summary>
    public required long Macs { get; init; }

    /// <summary>Rows and columns of the image that one value of its output can depend on.</summary>
    public Pair? ReceptiveField { get; init; }

    /// <summary>The whole that it is a part of; a method, so that it is no column of a table.</summary>
    public NetworkSummary GetNetwork() => _network;

    /// <summary>All layers of a network, in order.</summary>
    /// <param name="model">The label of the network.</param>
    public static IReadOnlyList<LayerRecord> Of(string model, Graph graph)
    {
        NetworkSummary network = new(model, graph);
        IReadOnlyDictionary<string, ReceptiveField> fields = ReceptiveFields.Of(graph);
        return [.. graph.Nodes.Select(Describe)];

        LayerRecord Describe(Node node)
        {
            Shape[] inputs = graph.InputShapes(node);
            Layers.SlidingWindow? window = node.Layer.GetWindow();
            return new(network)
            {
                Name = node.Name,
                Type = node.Layer.Kind,
                Kernel = window?.Kernel,
                Stride = window?.Stride,
                Padding = node.Layer is Layers.Pad2d pad ? pad.Padding : OnBothSides(window?.Padding),
                OutputShape = graph.ShapeOf(node.Name),
                Parameters = node.SharedWith is null
                    ? node.Layer.GetWeights(inputs).Where(w => !w.IsBuffer).Sum(w => w.Count)
                    : 0,
                Macs = node.Layer.CountMultiplyAdds(inputs, graph.ShapeOf(node.Name)),
                ReceptiveField = fields.TryGetValue(node.Name, out ReceptiveField field) ? field.Size : null,
            };
        }
    }

    private static Padding? OnBothSides(Pair? padding) => padding is { } pair
        ? new(pair.Vertical, pair.Vertical, pair.Horizontal, pair.Horizontal)
        : null;
}
