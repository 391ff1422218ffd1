using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Weights;

namespace CnnTools.Tests;

/// <summary>Stochastic depth is torchvision's by rows; which rows are dropped is each one's own draw.</summary>
public sealed class StochasticDepthParityTests
{
    private const int Images = 1000;
    private static readonly Shape ImageShape = new(2, 3, 3);

    [TorchvisionTheory]
    [InlineData(0, true)]
    [InlineData(0.1, true)]
    [InlineData(0.6, true)]
    [InlineData(0.6, false)]
    public void Rows_are_dropped_or_scaled_as_in_torchvision(double probability, bool training)
    {
        float[] input = [.. Enumerable.Range(0, Images * (int)ImageShape.Count).Select(i => 1 + (i * 37 % 101 / 50f))];
        using PyTorchExchange exchange = new();
        exchange.WriteRequest(new { Probability = probability, Training = training });
        exchange.WriteData(SafetensorsTensor.FromFloats("input", ImageShape.WithBatch(Images), () => input));
        exchange.Run("stochastic_depth.py");

        float[][] theirs = Rows(exchange.ReadTensors("result.safetensors")["output"]);
        float[][] ours = Rows(Drop(input, probability, training));

        double dropped = training ? probability : 0;
        Assert.All([theirs, ours], rows => AssertShare(dropped, rows.Count(IsDropped)));
        int[] kept = [.. Enumerable.Range(0, Images).Where(i => !IsDropped(theirs[i]) && !IsDropped(ours[i]))];
        AssertShare(1 - ((1 - dropped) * (1 - dropped)), Images - kept.Length);
        Assert.All(kept, i => Assert.Equal(theirs[i], ours[i]));
    }

    /// <summary>Within five standard deviations of the binomial distribution.</summary>
    private static void AssertShare(double probability, int dropped) =>
        Assert.Equal(Images * probability, dropped, 5 * Math.Sqrt(Images * probability * (1 - probability)));

    /// <summary>Whole or not at all.</summary>
    private static bool IsDropped(float[] row)
    {
        bool dropped = row[0] == 0;
        Assert.All(row, value => Assert.Equal(dropped, value == 0));
        return dropped;
    }

    private static float[][] Rows(float[] values) => [.. values.Chunk((int)ImageShape.Count)];

    private static float[] Drop(float[] input, double probability, bool training)
    {
        IBackend backend = Parity.Backend;
        Graph graph = new(ImageShape, [new Node("drop", new StochasticDepth(probability), [Graph.InputName])]);
        using ModelWeights none = ModelWeights.Initialize(backend, graph, seed: 0, Device.Cpu);
        using IGenerator generator = backend.CreateGenerator(Device.Cpu, seed: 3);
        using ITensorScope scope = backend.BeginScope(recordGradients: false);
        Tensor images = backend.FromFloats(input, ImageShape.WithBatch(Images), Device.Cpu);
        float[] values = new float[input.Length];
        backend.Read(new GraphExecutor(backend, graph, none).Forward(images, new PassMode(training, generator)), values);
        return values;
    }
}
