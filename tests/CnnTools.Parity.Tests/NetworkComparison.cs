using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Training;
using CnnTools.Weights;
using CnnTools.Zoo;

namespace CnnTools.Tests;

/// <summary>A network of the catalog beside the same one in PyTorch, which draws the weights and the images.</summary>
/// <param name="source">What the script finds its network by, besides the name.</param>
/// <param name="given">Options; where there are none, a network with a choice of stem has the large one.</param>
internal sealed class NetworkComparison(
    string network, Shape input, bool gradients, string? source = null, ArchitectureOptions? given = null)
{
    private const int Images = 2;
    private const int Classes = 10;

    private readonly Architecture _architecture = Catalog.Get(network);
    private readonly long[] _sizes = input.WithBatch(Images);

    /// <summary>Asserts equal logits, auxiliary ones too, and equal gradients where asked for.</summary>
    /// <param name="script">Of tests/parity: takes request.json and answers as network_comparison.py says.</param>
    public static void Run(
        string script, string network, Shape input, bool gradients, string? source = null, ArchitectureOptions? given = null)
    {
        using PyTorchExchange exchange = new();
        NetworkComparison comparison = new(network, input, gradients, source, given);
        comparison.Ask(exchange);
        exchange.Run(script);
        comparison.AssertSame(exchange);
    }

    /// <summary>The options, complete.</summary>
    private ArchitectureOptions Options => _architecture.Complete(input,
        given is null && _architecture.Options.Contains(nameof(ArchitectureOptions.Stem))
            ? new() { Stem = Stem.Conv7x7 }
            : given);

    /// <summary>Writes the request.</summary>
    public void Ask(PyTorchExchange exchange) => exchange.WriteRequest(new
    {
        Network = network,
        Source = source,
        Classes,
        Options = Options.Given.ToDictionary(o => o.Name, o => FormattableString.Invariant($"{o.Value}")),
        Heads = Options.AuxiliaryHeads,
        Shape = _sizes,
        Gradients = gradients,
    });

    /// <summary>Reads the answer.</summary>
    public void AssertSame(PyTorchExchange exchange)
    {
        Graph graph = _architecture.Build(input, Classes, Options);
        using CnnModel model = ModelFile.ReadWeights(
            Parity.Backend, exchange.PathOf("weights.safetensors"), _architecture.Name, graph);
        using IDisposable threads = ThreadCount.Use(Parity.Backend, 1);
        using ITensorScope scope = Parity.Backend.BeginScope(recordGradients: gradients);
        ExecutionPlan plan = ExecutionPlan.For(model.Graph, Parity.Backend, Device.Cpu);
        float[] pixels = exchange.ReadTensors("images.safetensors")["images"];
        Tensor images = Parity.Backend.Copy(Parity.Backend.FromFloats(pixels, _sizes, Device.Cpu), Device.Cpu, plan.Layout);
        Outputs outputs = new GraphExecutor(Parity.Backend, plan.Graph, model.Weights).ForwardAll(images, PassMode.Evaluation);
        Dictionary<string, float[]> logits = exchange.ReadTensors("logits.safetensors");
        AssertLogits(network, logits, outputs);
        if (gradients)
        {
            long[] labels = [.. logits["logits"].Chunk(Classes).Select(row => (long)row.IndexOf(row.Min()))];
            AssertGradients(network, exchange.ReadTensors("gradients.safetensors"), model, outputs, labels);
        }
    }

    private static void AssertLogits(string network, Dictionary<string, float[]> expected, Outputs outputs)
    {
        Assert.Equal(expected.Count, outputs.Auxiliary.Length + 1);
        Parity.AssertClose($"{network}'s logits", expected["logits"], Values(outputs.Main), 1e-4);
        foreach ((int number, Tensor logits) in outputs.Auxiliary.Index())
        {
            Parity.AssertClose($"{network}'s auxiliary logits", expected[$"auxiliary.{number}"], Values(logits), 1e-4);
        }
    }

    private static void AssertGradients(
        string network, Dictionary<string, float[]> expected, CnnModel model, Outputs outputs, long[] labels)
    {
        Tensor indices = Parity.Backend.FromIndices(labels, Device.Cpu);
        Tensor loss = Parity.Backend.CrossEntropy(outputs.Main, indices);
        foreach ((Tensor logits, AuxiliaryOutput output) in outputs.Auxiliary.Zip(model.Graph.Auxiliary))
        {
            Tensor share = Parity.Backend.CrossEntropy(logits, indices);
            loss = Parity.Backend.Add(loss, Parity.Backend.Affine(share, output.Weight, shift: 0));
        }

        Parity.Backend.Backward(loss);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), model.Weights.ParameterNames.Order(StringComparer.Ordinal));
        foreach ((string name, Tensor parameter) in model.Weights.ParameterNames.Zip(model.Weights.Parameters))
        {
            Tensor gradient = Parity.Backend.GetGradient(parameter)!;
            Parity.AssertClose($"{network}'s gradient of {name}", expected[name], Values(gradient), 1e-3);
        }
    }

    private static float[] Values(Tensor tensor)
    {
        float[] values = new float[tensor.Count];
        Parity.Backend.Read(tensor, values);
        return values;
    }
}
