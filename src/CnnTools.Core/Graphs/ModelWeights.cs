using CnnTools.Backends;

namespace CnnTools.Graphs;

/// <summary>A network's tensors on one device, under their full names and in the graph's order.</summary>
public sealed class ModelWeights : IDisposable
{
    private readonly Dictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly List<string> _parameterNames = [];
    private readonly HashSet<string> _frozen = new(StringComparer.Ordinal);

    private ModelWeights()
    {
    }

    public Tensor this[string name] => _tensors[name];

    /// <summary>All names, buffers included.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The trained tensors, without buffers and frozen ones.</summary>
    public IReadOnlyList<Tensor> Parameters { get; private set; } = [];

    /// <summary>The names of <see cref="Parameters"/>, in the same order.</summary>
    public IReadOnlyList<string> ParameterNames => _parameterNames;

    /// <summary>The names of what training leaves as it is, buffers among them.</summary>
    public IReadOnlySet<string> Frozen => _frozen;

    /// <summary>Whether a batch norm keeps its running statistics, and uses them, in training too.</summary>
    internal bool HasFrozenStatistics(Node norm) => _frozen.Count > 0 && _frozen.Contains($"{norm.WeightsOf}.running_mean");

    /// <summary>Draws every weight as the graph says, from the seed's own stream.</summary>
    public static ModelWeights Initialize(IBackend backend, Graph graph, ulong seed, Device device)
    {
        RandomStream random = new(seed, "initialisation");
        return Create(backend, graph, device, (_, spec) =>
        {
            float[] values = new float[spec.Count];
            spec.Initializer.Fill(values, spec.Sizes, random);
            return values;
        });
    }

    /// <summary>Makes every weight from the values that <paramref name="read"/> gives for its name, row by row.</summary>
    public static ModelWeights Create(
        IBackend backend, Graph graph, Device device, Func<string, WeightSpec, float[]> read)
    {
        ModelWeights weights = new();
        try
        {
            foreach ((string name, WeightSpec spec) in graph.Weights)
            {
                Tensor tensor = backend.FromFloats(read(name, spec), spec.Sizes.AsSpan(), device);
                weights._tensors.Add(name, tensor);
                weights._names.Add(name);
                if (!spec.IsBuffer)
                {
                    weights._parameterNames.Add(name);
                    backend.RequireGradient(tensor, true);
                }
            }

            weights.Parameters = [.. weights._parameterNames.Select(name => weights[name])];
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Keeps weights out of training: they have no gradient, and a batch norm whose running statistics are among them
    /// uses those and does not move them.
    /// </summary>
    public void Freeze(IBackend backend, IEnumerable<string> names)
    {
        _frozen.UnionWith(names);
        foreach (string name in _parameterNames.Where(_frozen.Contains))
        {
            backend.RequireGradient(_tensors[name], false);
        }

        _parameterNames.RemoveAll(_frozen.Contains);
        Parameters = [.. _parameterNames.Select(name => _tensors[name])];
    }

    /// <summary>All values as they are now, in the order of <see cref="Names"/>.</summary>
    public IEnumerable<(string Name, IReadOnlyList<long> Sizes, float[] Values)> Read(IBackend backend)
    {
        foreach (string name in _names)
        {
            Tensor tensor = _tensors[name];
            float[] values = new float[tensor.Count];
            backend.Read(tensor, values);
            yield return (name, tensor.Sizes, values);
        }
    }

    public void Dispose()
    {
        foreach (Tensor tensor in _tensors.Values)
        {
            tensor.Dispose();
        }
    }
}
