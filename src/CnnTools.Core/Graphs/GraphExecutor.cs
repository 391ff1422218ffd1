using System.Collections.Immutable;
using CnnTools.Backends;
using CnnTools.Graphs.Layers;

namespace CnnTools.Graphs;

/// <summary>How a pass differs between training and evaluation.</summary>
/// <param name="Training">Whether batch norm uses the batch's statistics and dropout drops.</param>
/// <param name="Dropout">Where dropout's numbers come from; needed in training by networks that have it.</param>
public readonly record struct PassMode(bool Training, IGenerator? Dropout)
{
    public static PassMode Evaluation => default;

    /// <summary>
    /// Where set, batch norms alone act as in training, and their running statistics take in this share of the batch's.
    /// </summary>
    public double? StatisticsShare { get; private init; }

    /// <summary>A pass after which running statistics are the mean of those of so many batches, this one the last.</summary>
    public static PassMode Recalibration(int batches) => default(PassMode) with { StatisticsShare = 1.0 / batches };
}

/// <summary>What a pass gives.</summary>
/// <param name="Main">The network's output.</param>
/// <param name="Auxiliary">The auxiliary outputs, in the graph's order.</param>
public sealed record Outputs(Tensor Main, ImmutableArray<Tensor> Auxiliary);

/// <summary>Walks a network node by node on a backend.</summary>
/// <param name="mixed">Whether convolutions and linear layers compute in bfloat16; outputs are float32 in any case.</param>
public sealed class GraphExecutor(IBackend backend, Graph graph, ModelWeights weights, bool mixed = false)
{
    // A value is dropped as soon as its last reader has run; what gradients need, the backend keeps itself.
    private readonly Lazy<Dictionary<string, int>> _readers = new(() => CountReaders(graph.EvaluationNodes));
    private readonly Lazy<Dictionary<string, int>> _allReaders = new(() => CountReaders(graph.TrainingNodes));

    /// <summary>The network's output for a batch (N, C, H, W); made in the caller's scope.</summary>
    /// <param name="tap">Told of every node's output as it is made; it must copy what it wants to keep.</param>
    /// <param name="keep">Nodes whose outputs are not freed before the scope is.</param>
    public Tensor Forward(
        Tensor input, PassMode mode, Action<Node, Tensor>? tap = null, IReadOnlySet<string>? keep = null) =>
        Walk(graph.EvaluationNodes, _readers.Value, input, mode, tap, keep)[graph.Output];

    /// <summary>The same with the auxiliary outputs, for which more nodes are run.</summary>
    public Outputs ForwardAll(Tensor input, PassMode mode, Action<Node, Tensor>? tap = null)
    {
        Dictionary<string, Tensor> values = Walk(graph.TrainingNodes, _allReaders.Value, input, mode, tap, keep: null);
        return new(values[graph.Output], [.. graph.Auxiliary.Select(a => values[a.Node])]);
    }

    /// <summary>Runs these nodes; what is left are the outputs and what is kept.</summary>
    private Dictionary<string, Tensor> Walk(
        ImmutableArray<Node> nodes, Dictionary<string, int> readers, Tensor input, PassMode mode, Action<Node, Tensor>? tap,
        IReadOnlySet<string>? keep)
    {
        using IDisposable? precision = mixed ? backend.BeginMixedPrecision(input.Device) : null;
        Dictionary<string, Tensor> values = new(StringComparer.Ordinal) { [Graph.InputName] = input };
        Dictionary<string, int> waiting = new(readers, StringComparer.Ordinal);
        foreach (Node node in nodes)
        {
            Tensor output = Run(node, values, mode);
            tap?.Invoke(node, output);
            values[node.Name] = output;
            foreach (string name in node.Inputs)
            {
                if (--waiting[name] == 0 && !IsOutput(name) && keep?.Contains(name) != true)
                {
                    Release(name, values);
                }
            }
        }

        foreach (string name in mixed ? values.Keys.Where(IsOutput).ToArray() : [])
        {
            values[name] = backend.ToFloat(values[name]);
        }

        return values;
    }

    private bool IsOutput(string name) => name == graph.Output || graph.Auxiliary.Any(a => a.Node == name);

    /// <summary>How many inputs of these nodes each name is.</summary>
    internal static Dictionary<string, int> CountReaders(ImmutableArray<Node> nodes) => nodes
        .SelectMany(n => n.Inputs)
        .CountBy(name => name, StringComparer.Ordinal)
        .ToDictionary(StringComparer.Ordinal);

    private static void Release(string name, Dictionary<string, Tensor> values)
    {
        // Dropout passes its input on unchanged in evaluation: the same tensor then stands under two names.
        if (name != Graph.InputName && values.Remove(name, out Tensor? value) && !values.ContainsValue(value))
        {
            value.Dispose();
        }
    }

    private Tensor Run(Node node, Dictionary<string, Tensor> values, PassMode mode)
    {
        Tensor input = values[node.Inputs[0]];
        switch (node.Layer)
        {
            case Conv2d conv:
                return backend.Conv2d(input, Weight("weight"), conv.Bias ? Weight("bias") : null,
                    new(conv.Stride, conv.Padding, conv.Dilation, conv.Groups));
            case ConvMaxPoolReLU fused:
                return backend.Conv2dMaxPoolReLU(input, Weight("weight"), fused.Convolution.Bias ? Weight("bias") : null,
                    fused.Convolution.Padding);
            case Linear linear:
                return backend.Linear(input, Weight("weight"), linear.Bias ? Weight("bias") : null);
            case BatchNorm2d norm:
                return backend.BatchNorm2d(input, Weight("weight"), Weight("bias"), Weight("running_mean"),
                    Weight("running_var"), (mode.Training || mode.StatisticsShare is not null) && !weights.HasFrozenStatistics(node),
                    mode.StatisticsShare ?? norm.Momentum, norm.Epsilon);
            case Activate activate:
                return backend.Activate(input, activate.Function);
            case MaxPool2d pool:
                return backend.MaxPool2d(input, new(pool.Kernel, pool.Stride, pool.Padding, pool.CeilMode));
            case AvgPool2d pool:
                return backend.AvgPool2d(
                    input, new(pool.Kernel, pool.Stride, pool.Padding, pool.CeilMode), pool.CountPadding);
            case AdaptiveAvgPool2d pool:
                return backend.AdaptiveAvgPool2d(input, pool.OutputSize);
            case AdaptiveMaxPool2d pool:
                return backend.AdaptiveMaxPool2d(input, pool.OutputSize);
            case ChannelPool:
                return backend.Concat([backend.Max(input, dimension: 1), backend.Mean(input, dimension: 1)], dimension: 1);
            case LocalResponseNorm norm:
                return backend.LocalResponseNorm(input, norm.Size, norm.Alpha, norm.Beta, norm.K);
            case Affine affine:
                return backend.Affine(input, affine.Scale, affine.Shift);
            case Pad2d pad:
                return backend.Pad2d(input, pad.Padding, pad.Mode, pad.Value);
            case PadChannels pad:
                return backend.PadChannels(input, pad.Before, pad.After);
            case Flatten:
                return backend.Flatten(input);
            case Unflatten unflatten:
                return backend.Reshape(input, unflatten.OutputShape.WithBatch((int)input.Sizes[0]));
            case Dropout dropout:
                return mode.Training && dropout.Probability > 0
                    ? backend.Dropout(input, dropout.Probability, mode.Dropout
                        ?? throw new InvalidOperationException("Training a network with dropout needs its generator."))
                    : input;
            case StochasticDepth depth:
                return mode.Training ? backend.Multiply(input, DropRows((int)input.Sizes[0], depth.Probability)) : input;
            case Add:
                return node.Inputs.Skip(1).Aggregate(input, (sum, name) => backend.Add(sum, values[name]));
            case Multiply:
                return node.Inputs.Skip(1).Aggregate(input, (product, name) => backend.Multiply(product, values[name]));
            case Concat:
                return backend.Concat([.. node.Inputs.Select(name => values[name])], dimension: 1);
            default:
                throw new NotSupportedException($"The executor does not know the layer {node.Layer.Kind}.");
        }

        // 0 or 1 / (1 - probability) for each image.
        Tensor DropRows(int count, double probability)
        {
            Tensor ones = backend.Affine(backend.Zeros([count, 1, 1, 1], input.Device), scale: 0, shift: 1);
            return backend.Dropout(ones, probability, mode.Dropout
                ?? throw new InvalidOperationException("Training with stochastic depth needs its generator."));
        }

        Tensor Weight(string name) => weights[$"{node.WeightsOf}.{name}"];
    }
}
