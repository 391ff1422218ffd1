using CnnTools.Graphs;

namespace CnnTools.Weights;

/// <summary>A node that becomes operators: what they read, and where all but the last of them go.</summary>
/// <param name="input">The shape of its first input.</param>
internal sealed class OnnxLayer(OnnxGraph graph, Node node, Shape input, Shape output)
{
    public string Name => node.Name;

    public Layer Layer => node.Layer;

    /// <summary>The values that it reads.</summary>
    public IReadOnlyList<string> Inputs { get; } = [.. node.Inputs.Select(graph.ValueOf)];

    /// <summary>The first of them.</summary>
    public string Input => Inputs[0];

    public Shape InputShape { get; } = input;

    public Shape OutputShape { get; } = output;

    /// <param name="name">As the layer calls it: weight, running_mean.</param>
    public string Weight(string name) => graph.Weight($"{node.WeightsOf}.{name}");

    /// <summary>A scalar.</summary>
    public string Constant(string name, double value) => Constant(name, [(float)value]);

    public string Constant(string name, float[] values, params long[] sizes) =>
        graph.AddConstant($"{node.Name}/{name}", to => SafetensorsTensor.FromFloats(to, sizes, () => values));

    public string Constant(string name, long[] values, params long[] sizes) =>
        graph.AddConstant($"{node.Name}/{name}", to => SafetensorsTensor.FromInt64s(to, sizes, values));

    /// <summary>An operator before the layer's last one; gives its value.</summary>
    public string Step(string name, OnnxOperator of) => graph.AddOperator($"{node.Name}/{name}", of);
}
