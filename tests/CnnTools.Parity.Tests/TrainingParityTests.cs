using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Graphs;
using CnnTools.Runs;
using CnnTools.Training;
using CnnTools.Weights;
using CnnTools.Zoo;

namespace CnnTools.Tests;

/// <summary>
/// Training equals PyTorch's: from the same weights, over the same batches in the same order. Ours goes through the
/// training loop itself; the weights reach PyTorch as a model file of ours, under its own names.
/// </summary>
public sealed class TrainingParityTests
{
    private static readonly Normalization Half = new([0.5f], [0.5f]);

    public static TheoryData<string> Cases => [.. TrainingCase.All.Select(c => c.ToString())];

    [PyTorchTheory]
    [MemberData(nameof(Cases))]
    public void Losses_figures_and_weights_are_those_of_PyTorch(string name)
    {
        TrainingCase training = TrainingCase.All.Single(c => c.ToString() == name);
        TrainingOptions options = training.Options;
        Dataset dataset = training.LoadData();
        Graph graph = training.Build(dataset);
        using CnnModel model = CnnModel.Create(Parity.Backend, training.Network, graph, options.Seed, options.Device);
        long[][][] batches = [.. BatchesInOrder(options, dataset.Train.Count)];

        using PyTorchExchange exchange = new();
        exchange.WriteRequest(new
        {
            training.Network,
            Optimizer = options.Optimizer.ToString(),
            Options = training.PyTorchOptions,
            Half.Mean,
            Half.Deviation,
            Batches = batches,
            training.Extras,
        });
        exchange.WriteData([.. Tensors("train", dataset.Train), .. Tensors("test", dataset.Test)]);
        ModelFile.Write(model, exchange.PathOf("initial.safetensors"));
        exchange.Run("train.py");

        Dictionary<string, float[]> gradients = FirstGradients(graph, dataset, options, batches[0][0]);
        ITrainingRecord[] records = [.. new TrainingLoop(model, dataset, Half, options, TrainingFiles.None).Run(default)];
        ModelFile.Write(model, exchange.PathOf("ours.safetensors"));

        AssertSame("gradient of", exchange.ReadTensors("gradients.safetensors"), gradients, training.GradientTolerance);
        Result expected = exchange.ReadResult<Result>();
        StepRecord[] steps = [.. records.OfType<StepRecord>()];
        Assert.True(steps.Length >= 50, $"{steps.Length} steps are too few.");
        Assert.Equal(expected.Losses.Length, steps.Length);
        for (int i = 0; i < steps.Length; i++)
        {
            Assert.True(Math.Abs(expected.Losses[i] - steps[i].Loss) <= training.LossTolerance * expected.Losses[i],
                $"The loss of step {i + 1} is {steps[i].Loss:R}, PyTorch has {expected.Losses[i]:R}.");
        }

        foreach ((Epoch epoch, EpochRecord record) in expected.Epochs.Zip(records.OfType<EpochRecord>()))
        {
            Assert.Equal(epoch.TrainLoss, record.TrainLoss, epoch.TrainLoss * training.LossTolerance);
            Assert.Equal(epoch.TestLoss, record.TestLoss!.Value, epoch.TestLoss * training.LossTolerance);

            // One image may lie so near the border between two classes that rounding decides.
            Assert.Equal(epoch.TrainAccuracy, record.TrainAccuracy, 1.001 / dataset.Train.Count);
            Assert.Equal(epoch.TestAccuracy, record.TestAccuracy!.Value, 1.001 / dataset.Test.Count);
        }

        AssertSame("last", exchange.ReadTensors("final.safetensors"), exchange.ReadTensors("ours.safetensors"),
            training.WeightTolerance);
    }

    [PyTorchFact]
    public void A_network_with_dropout_evaluates_as_PyTorch_does()
    {
        const string Network = "ImageClassificationOptimised";
        ImageSet images = ColourImages.Draw(seed: 5, count: 16);
        Graph graph = Catalog.Get(Network).Build(images.ImageShape, 10);
        using CnnModel model = CnnModel.Create(Parity.Backend, Network, graph, seed: 11, Device.Cpu);
        using PyTorchExchange exchange = new();
        exchange.WriteRequest(new { Network, Half.Mean, Half.Deviation });
        exchange.WriteData(
            SafetensorsTensor.FromBytes("images", SafetensorsType.U8, images.ImageShape.WithBatch(images.Count), images.Pixels));
        ModelFile.Write(model, exchange.PathOf("initial.safetensors"));
        exchange.Run("forward.py");

        using IDisposable threads = ThreadCount.Use(Parity.Backend, 1);
        using ModelWeights weights = ModelWeights.Initialize(Parity.Backend, graph, seed: 11, Device.Cpu);
        using ResidentSplit split = new(Parity.Backend, images, Half, Device.Cpu);
        float[] logits = new float[images.Count * 10];
        using (Parity.Backend.BeginScope(recordGradients: false))
        {
            ExecutionPlan plan = ExecutionPlan.For(graph, Parity.Backend, Device.Cpu);
            Tensor batch = split.Gather([.. Enumerable.Range(0, images.Count).Select(i => (long)i)], plan.Layout).Images;
            Parity.Backend.Read(
                new GraphExecutor(Parity.Backend, plan.Graph, weights).Forward(batch, PassMode.Evaluation), logits);
        }

        Parity.AssertClose("logits", exchange.ReadTensors("logits.safetensors")["logits"], logits, 1e-5);
    }

    /// <summary>What the training loop draws from its seed, epoch by epoch and batch by batch.</summary>
    private static IEnumerable<long[][]> BatchesInOrder(TrainingOptions options, int count)
    {
        RandomStream order = new(options.Seed, "order");
        for (int epoch = 0; epoch < options.Epochs; epoch++)
        {
            long[] permutation = [.. Enumerable.Range(0, count).Select(i => (long)i)];
            order.Shuffle<long>(permutation);
            yield return [.. permutation.Chunk(options.BatchSize * options.AccumulateBatches)];
        }
    }

    /// <summary>The gradients that the training loop's first step has before it updates the weights.</summary>
    private static Dictionary<string, float[]> FirstGradients(
        Graph graph, Dataset dataset, TrainingOptions options, long[] batch)
    {
        IBackend backend = Parity.Backend;
        using IDisposable threads = ThreadCount.Use(backend, 1);
        using ModelWeights parameters = ModelWeights.Initialize(backend, graph, options.Seed, options.Device);
        using ResidentSplit split = new(backend, dataset.Train, Half, options.Device);
        using (backend.BeginScope(recordGradients: true))
        {
            ExecutionPlan plan = ExecutionPlan.For(graph, backend, Device.Cpu);
            (Tensor images, Tensor labels) = split.Gather(batch, plan.Layout);
            GraphExecutor executor = new(backend, plan.Graph, parameters);
            Mixing mixing = new(backend, options, new RandomStream(options.Seed, "mixing"));
            Mix? mix = options.Mixup > 0 || options.CutMix > 0 ? mixing.Draw(batch.Length, dataset.ImageShape) : null;
            Tensor? weights = options.ClassWeights is { } given
                ? backend.FromFloats([.. given.Select(w => (float)w)], [given.Count], Device.Cpu)
                : null;
            Tensor logits = executor.Forward(mix is null ? images : mixing.Apply(images, mix), new PassMode(Training: true, Dropout: null));
            Tensor loss = backend.CrossEntropy(logits, labels, classWeights: weights);
            backend.Backward(mix is null ? loss
                : mixing.Blend(loss, backend.CrossEntropy(logits, backend.SelectRows(labels, mix.Partners)), mix.Share));
            return parameters.ParameterNames.Zip(parameters.Parameters).ToDictionary(p => p.First, p =>
            {
                using Tensor gradient = backend.GetGradient(p.Second)!;
                float[] values = new float[gradient.Count];
                backend.Read(gradient, values);
                return values;
            });
        }
    }

    private static IEnumerable<SafetensorsTensor> Tensors(string split, ImageSet images) =>
    [
        SafetensorsTensor.FromBytes(
            $"{split}.images", SafetensorsType.U8, images.ImageShape.WithBatch(images.Count), images.Pixels),
        SafetensorsTensor.FromInt64s(
            $"{split}.labels", [images.Count], Array.ConvertAll(images.Labels, label => (long)label)),
    ];

    private static void AssertSame(
        string what, Dictionary<string, float[]> expected, Dictionary<string, float[]> actual, double tolerance)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach ((string name, float[] values) in expected)
        {
            Parity.AssertClose($"{what} {name}", values, actual[name], tolerance);
        }
    }

    private sealed record Result(double[] Losses, Epoch[] Epochs);

    private sealed record Epoch(double TrainLoss, double TrainAccuracy, double TestLoss, double TestAccuracy);
}
