using System.Collections.Immutable;
using System.Globalization;
using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Graphs;
using CnnTools.Training;
using CnnTools.Zoo;

namespace CnnTools;

/// <summary>
/// A network with its weights: a live object, trained in place. Only one operation at a time may use it; a second one
/// is refused.
/// </summary>
public sealed class CnnModel : IDisposable
{
    private string? _usedFor;

    internal CnnModel(string name, string architecture, Graph graph, ModelWeights weights, IBackend backend, Device device)
    {
        Name = name;
        Architecture = architecture;
        Graph = graph;
        Weights = weights;
        Backend = backend;
        Device = device;
    }

    /// <summary>The user's label; the architecture's name where none was given.</summary>
    public string Name { get; }

    public string Architecture { get; }

    /// <summary>What was chosen about the architecture, by its own rule or the user; none where there is no choice.</summary>
    public ArchitectureOptions Options { get; internal init; } = ArchitectureOptions.None;

    /// <summary>(channels, height, width) of one image.</summary>
    public Shape InputShape => Graph.InputShape;

    public int Classes => (int)Graph.OutputShape.Count;

    /// <summary>Number of trained values.</summary>
    public long Parameters => Graph.Parameters;

    /// <summary>Those of them that a training would change.</summary>
    public long TrainableParameters => Weights.Parameters.Sum(parameter => parameter.Count);

    public Device Device { get; private set; }

    /// <summary>What was done to pixels in training and must be done again; null until it is trained.</summary>
    public Normalization? Normalization { get; internal set; }

    /// <summary>The name of the data set that it was last trained on; null until it is trained.</summary>
    public string? TrainedOn => TrainedData?.Name;

    /// <summary>How the data set that it was last trained on was asked for; null until it is trained.</summary>
    public DatasetRequest? TrainedData { get; internal set; }

    /// <summary>The names of the classes, in the order of the logits, as that data set has them; none until it is trained.</summary>
    public ImmutableArray<string> ClassNames { get; internal set; } = [];

    public Graph Graph { get; }

    /// <summary>The names of the weights that training leaves as they are, in no order.</summary>
    public IReadOnlyCollection<string> Frozen => Weights.Frozen;

    internal ModelWeights Weights { get; private set; }

    internal IBackend Backend { get; }

    /// <summary>A fresh network.</summary>
    /// <exception cref="CnnException">Its weights do not fit into memory.</exception>
    public static CnnModel Create(
        IBackend backend, string architecture, Graph graph, ulong seed, Device device, string? name = null,
        ArchitectureOptions? options = null)
    {
        MemoryEstimate.RequireFit(backend, graph, architecture, device);
        return new(name ?? architecture, architecture, graph, ModelWeights.Initialize(backend, graph, seed, device), backend, device)
        {
            Options = options ?? ArchitectureOptions.None,
        };
    }

    /// <summary>A fresh network of the user's own, on the CPU.</summary>
    /// <exception cref="CnnException">The same.</exception>
    public static CnnModel Create(IBackend backend, NamedGraph network, ulong seed, string? name = null) =>
        Create(backend, network.Name, network.Graph, seed, Device.Cpu, name);

    /// <summary>A fresh network of the catalog.</summary>
    /// <param name="options">What the user chose; the network's own choices go with the model too.</param>
    /// <exception cref="CnnException">It cannot be for this input, or its weights do not fit into memory.</exception>
    public static CnnModel Create(
        IBackend backend, Architecture architecture, Shape input, int classes, ulong seed, Device device,
        string? name = null, ArchitectureOptions? options = null)
    {
        ArchitectureOptions complete = architecture.Complete(input, options);
        return Create(
            backend, architecture.Name, architecture.Build(input, classes, complete), seed, device, name, complete);
    }

    /// <summary>Takes the model for one use until the result is disposed.</summary>
    /// <param name="purpose">What for, as a second user is told: "training".</param>
    /// <exception cref="CnnException">It is in use.</exception>
    public IDisposable Use(string purpose)
    {
        string? other = Interlocked.CompareExchange(ref _usedFor, purpose, null);
        return other is null ? new Lease(this) : throw Errors.ModelBusy(Name, other);
    }

    /// <summary>A class's name; its index, from 0, where the model knows no names.</summary>
    internal string GetClassName(int index) =>
        ClassNames.Length > index ? ClassNames[index] : index.ToString(CultureInfo.InvariantCulture);

    /// <exception cref="CnnException">The network gives no logits.</exception>
    public void RequireLogits()
    {
        if (Graph.OutputShape.Rank != 1)
        {
            throw Errors.NoLogits(Name, Graph.OutputShape);
        }
    }

    /// <exception cref="CnnException">
    /// The data set has other images or another number of classes, or the network gives no logits.
    /// </exception>
    public void RequireFit(Dataset dataset)
    {
        RequireLogits();
        if (dataset.SplitFault is { } fault)
        {
            throw fault;
        }

        if (dataset.ImageShape != InputShape)
        {
            throw Errors.ModelDoesNotFit(Name, InputShape, dataset.Name, dataset.ImageShape);
        }

        if (dataset.Classes != Classes)
        {
            throw Errors.ClassesDoNotFit(Name, Classes, dataset.Name, dataset.Classes);
        }
    }

    /// <summary>
    /// Keeps layers as they are in training: all weights that one of the patterns names, or a layer or block that they
    /// belong to. A frozen batch norm computes as in evaluation, and its running statistics stay.
    /// </summary>
    /// <exception cref="CnnException">A pattern names nothing, or nothing would be left to train.</exception>
    public void Freeze(IReadOnlyList<FreezePattern> patterns)
    {
        IReadOnlySet<string> names = FreezePattern.Find(Graph, patterns);
        if (Weights.ParameterNames.All(names.Contains))
        {
            throw Errors.NothingToTrain(Name);
        }

        Weights.Freeze(Backend, names);
    }

    /// <summary>Moves the weights; nothing happens where they are there already.</summary>
    internal void MoveTo(Device device)
    {
        if (device == Device)
        {
            return;
        }

        Dictionary<string, float[]> values = Weights.Read(Backend)
            .ToDictionary(w => w.Name, w => w.Values, StringComparer.Ordinal);
        ModelWeights moved = ModelWeights.Create(Backend, Graph, device, (name, _) => values[name]);
        moved.Freeze(Backend, Weights.Frozen);
        Weights.Dispose();
        Weights = moved;
        Device = device;
    }

    /// <summary>The same network with weights of its own.</summary>
    internal CnnModel Copy()
    {
        Dictionary<string, float[]> values = Weights.Read(Backend)
            .ToDictionary(w => w.Name, w => w.Values, StringComparer.Ordinal);
        ModelWeights copied = ModelWeights.Create(Backend, Graph, Device, (name, _) => values[name]);
        copied.Freeze(Backend, Weights.Frozen);
        return new(Name, Architecture, Graph, copied, Backend, Device) { Options = Options, Normalization = Normalization };
    }

    public void Dispose() => Weights.Dispose();

    public override string ToString() => Name;

    private sealed class Lease(CnnModel model) : IDisposable
    {
        public void Dispose() => Interlocked.Exchange(ref model._usedFor, null);
    }
}
