using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Training;

namespace CnnTools.Operations;

/// <summary>Layers applied to data, once and on the CPU.</summary>
public sealed record LayerPass(Graph Graph)
{
    /// <summary>Weights by their names, or by the end of a name that only one has; the others are drawn.</summary>
    public IReadOnlyDictionary<string, FeatureMap> Weights { get; init; } = new Dictionary<string, FeatureMap>();

    /// <summary>Whether batch norm uses the data's statistics, and dropout drops.</summary>
    public bool Training { get; init; }

    /// <summary>What weights that are not given and dropout are drawn from.</summary>
    public ulong Seed { get; init; }

    /// <summary>The output's label; the layers' kinds where null.</summary>
    internal string? Label { get; init; }

    /// <summary>What is done to the output's values in their place.</summary>
    internal Action<float[]>? Finish { get; init; }

    /// <summary>The layers' output, with the weights as they are afterwards.</summary>
    /// <exception cref="CnnException">
    /// A weight is not the layers', a batch norm has a single value to learn from, or memory does not suffice.
    /// </exception>
    public FeatureMap Run(IBackend backend, FeatureMap input)
    {
        Dictionary<string, FeatureMap> given = new(StringComparer.Ordinal);
        foreach ((string name, FeatureMap weight) in Weights)
        {
            if (!given.TryAdd(FullName(name), weight))
            {
                throw Errors.IncompatibleArguments($"'{name}' is the name of a weight that is given twice.", "Give it once, by its full name.");
            }
        }

        RequireStatistics(input.Samples);
        MemoryEstimate.RequireFit(backend, Graph, input.Samples, Device.Cpu);
        using IDisposable threads = ThreadCount.UseCurrentOr(backend, ThreadCount.ByRule(Graph, input.Samples, Device.Cpu));
        RandomStream random = new(Seed, "initialisation");
        using ModelWeights weights = ModelWeights.Create(backend, Graph, Device.Cpu, (name, spec) => Take(name, spec, given, random));
        return Forward(backend, input, weights);
    }

    private FeatureMap Forward(IBackend backend, FeatureMap input, ModelWeights weights)
    {
        using ITensorScope scope = backend.BeginScope(recordGradients: false);
        using IGenerator? dropout = Training ? backend.CreateGenerator(Device.Cpu, Seed) : null;
        Tensor data = backend.FromFloats(input.AsSpan(), Graph.InputShape.WithBatch(input.Samples), Device.Cpu);
        Tensor output = new GraphExecutor(backend, Graph, weights).Forward(data, new(Training, dropout));
        float[] values = new float[output.Count];
        backend.Read(output, values);
        Finish?.Invoke(values);
        return new(FeatureMap.SizesOf(input.Samples, Graph.OutputShape, input.IsBatch), values, rowsOfFeatures: input.IsBatch)
        {
            Label = Label ?? Text.List(Graph.EvaluationNodes.Select(node => node.Layer.Kind)),
            Source = input.Source,
            Weights = Read(backend, weights),
        };
    }

    /// <summary>A single value has no variance.</summary>
    private void RequireStatistics(int samples)
    {
        Node? norm = Training && samples == 1 ? Graph.FindSingleValueNorm(Graph.EvaluationNodes) : null;
        if (norm is not null)
        {
            throw Errors.ImpossibleShape(norm.Name, norm.Layer.Kind, Graph.ShapeOf(norm.Name),
                "in training it needs more than one value in each channel", "Give larger images or a batch of them.");
        }
    }

    /// <summary>Values are drawn for given weights too: what is drawn for the others does not depend on them.</summary>
    private static float[] Take(string name, WeightSpec spec, Dictionary<string, FeatureMap> given, RandomStream random)
    {
        float[] values = new float[spec.Count];
        spec.Initializer.Fill(values, spec.Sizes, random);
        if (given.TryGetValue(name, out FeatureMap? weight))
        {
            Shape sizes = new([.. spec.Sizes.Select(size => (int)size)]);
            if (!WithoutOnes(weight.Shape).SequenceEqual(WithoutOnes(sizes)))
            {
                throw Errors.WeightSizes(name, sizes, weight.Shape);
            }

            weight.AsSpan().CopyTo(values);
        }

        return values;
    }

    /// <summary>A kernel may be written as the plane that it is.</summary>
    private static IEnumerable<int> WithoutOnes(Shape sizes) => sizes.Sizes.Where(size => size != 1);

    private string FullName(string name)
    {
        string[] known = [.. Graph.Weights.Select(w => w.Name)];
        string[] found = known.Contains(name, StringComparer.Ordinal)
            ? [name]
            : [.. known.Where(full => full.EndsWith($".{name}", StringComparison.Ordinal))];
        return found is [string one] ? one : throw Errors.UnknownName("Weight", name, known);
    }

    private static NamedMaps Read(IBackend backend, ModelWeights weights)
    {
        OrderedDictionary<string, FeatureMap> maps = new(StringComparer.Ordinal);
        foreach ((string name, IReadOnlyList<long> sizes, float[] values) in weights.Read(backend))
        {
            maps.Add(name, new(new Shape([.. sizes.Select(size => (int)size)]), values) { Label = name });
        }

        return new(maps);
    }
}
