using System.Text.Json;
using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Graphs;
using CnnTools.Zoo;

namespace CnnTools.Weights;

/// <summary>
/// A whole model in one safetensors file: the weights under PyTorch's names, and the network as JSON in the metadata.
/// Checkpoints are such files too, with more in them.
/// </summary>
public static class ModelFile
{
    private const string GraphKey = "cnntools.graph";
    private const string ModelKey = "cnntools.model";
    private const string WhiteningName = WeightMatch.PreprocessingPrefix + "whitening";

    /// <summary>Writes a model, or nothing: the file is written beside its place and renamed.</summary>
    /// <exception cref="CnnException">It cannot be written.</exception>
    public static void Write(CnnModel model, string path) => Write(model, path, [], []);

    /// <summary>The same with tensors and metadata of the caller's.</summary>
    /// <param name="weights">Those to be written; the model's own where null.</param>
    /// <param name="inspect">Sees each weight before it is written; where it throws, nothing is.</param>
    /// <param name="normalization">What the file shall say; the model's own where null.</param>
    internal static void Write(
        CnnModel model, string path, IEnumerable<SafetensorsTensor> more,
        IEnumerable<KeyValuePair<string, string>> moreMetadata, Action<string, float[]>? inspect = null,
        ModelWeights? weights = null, Normalization? normalization = null)
    {
        weights ??= model.Weights;
        normalization ??= model.Normalization;
        Dictionary<string, string> metadata = new(moreMetadata, StringComparer.Ordinal)
        {
            // What other readers of safetensors files look for.
            ["format"] = "pt",
            [GraphKey] = GraphJson.Write(model.Graph),
            [ModelKey] = JsonSerializer.Serialize(
                new Description(model.Name, model.Architecture)
                {
                    Normalization = normalization,
                    TrainedOn = model.TrainedOn,
                    Data = Beyond(model.TrainedData),
                    ClassNames = model.ClassNames.IsEmpty ? null : model.ClassNames,
                    Options = model.Options.Given.Any() ? model.Options : null,
                    Frozen = model.Frozen.Count > 0 ? [.. model.Frozen.Order(StringComparer.Ordinal)] : null,
                },
                GraphJson.Options),
        };
        SafetensorsWriter.Write(
            path,
            [
                .. model.Weights.Names.Select(name => ToTensor(model.Backend, name, weights[name], inspect)),
                .. ToTensors(normalization?.Whitening, model.InputShape),
                .. more,
            ],
            metadata);
    }

    /// <summary>Reads a model that CnnTools wrote, onto the CPU.</summary>
    /// <param name="name">The label to give it; the saved one where null.</param>
    /// <exception cref="CnnException">The file is missing or corrupt, or its weights and network do not agree.</exception>
    public static CnnModel Read(IBackend backend, string path, string? name = null)
    {
        using IWeightFile file = WeightFile.Open(path);
        return file is SafetensorsFile whole ? Read(backend, whole, name) : throw Errors.NoNetworkInFile(path);
    }

    /// <summary>Reads the network that a file holds, and its label, without the weights.</summary>
    /// <exception cref="CnnException">The file is missing or corrupt, or holds no network.</exception>
    public static NamedGraph ReadNetwork(string path)
    {
        using IWeightFile file = WeightFile.Open(path);
        (Graph graph, Description description) =
            file is SafetensorsFile whole ? Describe(whole) : throw Errors.NoNetworkInFile(path);
        return new(description.Name, graph);
    }

    /// <summary>Reads weights from elsewhere, of any format, into a network that the file does not hold.</summary>
    /// <exception cref="CnnException">The same, or the weights are not this network's: lists what differs.</exception>
    public static CnnModel ReadWeights(
        IBackend backend, string path, string architecture, Graph graph, string? name = null,
        ArchitectureOptions? options = null)
    {
        using IWeightFile file = WeightFile.Open(path);
        Stems.RequireSame(file, graph);
        return new(name ?? architecture, architecture, graph, ReadWeights(backend, file, graph), backend, Device.Cpu)
        {
            Options = options ?? ArchitectureOptions.None,
        };
    }

    internal static CnnModel Read(IBackend backend, SafetensorsFile file, string? name = null)
    {
        (Graph graph, Description description) = Describe(file);
        ModelWeights weights = ReadWeights(backend, file, graph);
        weights.Freeze(backend, description.Frozen ?? []);
        return new(name ?? description.Name, description.Architecture, graph, weights, backend, Device.Cpu)
        {
            Normalization = ReadWhitening(file, description.Normalization, graph.InputShape),
            TrainedData = description.Data ?? (description.TrainedOn is { } trainedOn ? new(trainedOn) : null),
            ClassNames = [.. description.ClassNames ?? []],
            Options = description.Options ?? ArchitectureOptions.None,
        };
    }

    /// <summary>A tensor to be saved, whose values are read from the device when its turn comes.</summary>
    internal static SafetensorsTensor ToTensor(
        IBackend backend, string name, Tensor tensor, Action<string, float[]>? inspect = null) =>
        SafetensorsTensor.FromFloats(name, tensor.Sizes, () =>
        {
            float[] values = new float[tensor.Count];
            backend.Read(tensor, values);
            inspect?.Invoke(name, values);
            return values;
        });

    private static IEnumerable<SafetensorsTensor> ToTensors(Whitening? whitening, Shape input) => whitening is null
        ? []
        : [SafetensorsTensor.FromFloats(WhiteningName, [input.Count, input.Count], () => whitening.Map)];

    /// <summary>A normalisation with the map of its whitening, where it has one.</summary>
    private static Normalization? ReadWhitening(SafetensorsFile file, Normalization? normalization, Shape input)
    {
        if (normalization?.Whitening is not { } whitening)
        {
            return normalization;
        }

        SafetensorsEntry entry = file.Find(WhiteningName) ?? throw Errors.WeightMissing(file.Path, WhiteningName);
        if (!entry.Shape.SequenceEqual([input.Count, input.Count]))
        {
            throw Errors.WeightDiffers(file.Path, WhiteningName, [input.Count, input.Count], entry.Shape);
        }

        float[] map = entry.ReadFloats();
        return Array.TrueForAll(map, float.IsFinite)
            ? normalization with { Whitening = whitening with { Map = map } }
            : throw SafetensorsFile.Corrupt(file.Path, "its whitening holds values that are no numbers");
    }

    /// <summary>What the metadata say.</summary>
    private static (Graph Graph, Description Description) Describe(SafetensorsFile file)
    {
        if (!file.Metadata.TryGetValue(GraphKey, out string? graphJson)
            || !file.Metadata.TryGetValue(ModelKey, out string? modelJson))
        {
            throw Errors.NoNetworkInFile(file.Path);
        }

        try
        {
            Graph graph = GraphJson.Read(graphJson);
            Description description = JsonSerializer.Deserialize<Description>(modelJson, GraphJson.Options)
                ?? throw new JsonException("the model's description is empty");
            RequireFit(description, graph);
            return (graph, description);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw SafetensorsFile.Corrupt(file.Path, $"its description of the model cannot be read ({Text.Short(exception.Message)})", exception);
        }
    }

    private static void RequireFit(Description description, Graph graph)
    {
        if (description.Normalization is { } normalization && !(graph.InputShape.Rank == 3
            ? normalization.IsValidFor(graph.InputShape)
            : normalization.Whitening is null && normalization.IsValidFor(graph.InputShape.Channels)))
        {
            throw new JsonException("its normalisation does not fit its input");
        }

        if (description.ClassNames is { } names && (names.Count != graph.OutputShape.Count || names.Contains(null)))
        {
            throw new JsonException("it has other than one class name for each output");
        }

        HashSet<string> frozen = new(description.Frozen ?? [], StringComparer.Ordinal);
        if (frozen.Count > 0 && (!frozen.IsSubsetOf(graph.Weights.Select(w => w.Name))
            || graph.Weights.All(w => w.Spec.IsBuffer || frozen.Contains(w.Name))))
        {
            throw new JsonException("it freezes weights that the network has not, or all that it has");
        }
    }

    private static ModelWeights ReadWeights(IBackend backend, IWeightFile file, Graph graph)
    {
        WeightMatch match = new WeightMatch(file, graph).RequireAll();
        return ModelWeights.Create(backend, graph, Device.Cpu, (name, _) => match.Fitting[name].ReadFloats());
    }

    /// <summary>A request that says more than a name; where this machine keeps its data sets is nobody else's business.</summary>
    private static DatasetRequest? Beyond(DatasetRequest? request) =>
        request is null || request with { DataPath = null } == new DatasetRequest(request.Name) ? null : request with { DataPath = null };

    private sealed record Description(string Name, string Architecture)
    {
        /// <summary>Absent, as the next two, in a model that was never trained.</summary>
        public Normalization? Normalization { get; init; }

        public string? TrainedOn { get; init; }

        /// <summary>Absent where the name says all.</summary>
        public DatasetRequest? Data { get; init; }

        public IReadOnlyList<string>? ClassNames { get; init; }

        /// <summary>Absent where there was nothing to choose.</summary>
        public ArchitectureOptions? Options { get; init; }

        /// <summary>Absent where every weight is trained.</summary>
        public IReadOnlyList<string>? Frozen { get; init; }
    }
}
