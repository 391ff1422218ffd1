using CnnTools.Augmentation;
using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Runs;
using CnnTools.Training;

namespace CnnTools.Tests;

/// <summary>Batch norm's statistics for averaged weights; TrainingParityTests hold them against update_bn.</summary>
public sealed class BatchNormRecalibrationTests : IDisposable
{
    private static readonly TrainingOptions Options = new()
    {
        Epochs = 2,
        BatchSize = 20,
        LogEvery = 1,
        Threads = 1,
        LearningRate = 0.01,
        EmaDecay = 0.9,
    };

    private readonly Fixtures _fixtures = new();

    private static Graph Graph { get; } = new GraphBuilder(Fixtures.Data.ImageShape)
        .Then("norm", new BatchNorm2d())
        .Then("drop", new Dropout(0.5))
        .Then("after", new BatchNorm2d())
        .Then("pool", new AvgPool2d(7))
        .Then("flat", new Flatten())
        .Then("fc", new Linear(Fixtures.Data.Classes))
        .Build();

    public void Dispose() => _fixtures.Dispose();

    [Fact]
    public void They_are_means_over_the_images_without_dropout()
    {
        using CnnModel model = NewModel();
        Fixtures.Train(model, Options);
        float[] pixels = [.. Fixtures.Data.Train.Pixels.Select(p => ((p / 255f) - 0.1f) / 0.3f)];

        // Batches of one size have their images' mean; of the variance they have a little less, what their means differ by.
        Assert.Equal(pixels.Average(p => (double)p), Value(model, "norm.running_mean"), 1e-4);
        double variance = pixels.Average(p => (double)p * p) - Math.Pow(pixels.Average(p => (double)p), 2);
        Assert.Equal(variance, Value(model, "norm.running_var"), 0.01 * variance);

        // What the first gives has the variance of its weight; with dropout it would be twice as wide.
        double weight = Value(model, "norm.weight");
        Assert.Equal(weight * weight, Value(model, "after.running_var"), 0.02);
    }

    [Fact]
    public void What_is_trained_on_keeps_its_own()
    {
        using CnnModel plain = NewModel(), averaged = NewModel();
        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf("averaged.safetensors"));
        EpochRecord[] expected = Fixtures.Train(plain, Options with { EmaDecay = null });
        EpochRecord[] actual = Fixtures.Train(averaged, Options, files);

        Assert.Equal(expected.Select(r => r.TrainLoss), actual.Select(r => r.TrainLoss));
        using Weights.SafetensorsFile file = Weights.SafetensorsFile.Open(files.CheckpointPath!);
        float[] trained = file.Find("training/trained/norm.running_mean")!.ReadFloats();
        Assert.Equal(Value(plain, "norm.running_mean"), trained[0]);
        Assert.NotEqual(Value(averaged, "norm.running_mean"), trained[0]);
    }

    [Fact]
    public void Frozen_ones_stay()
    {
        using CnnModel model = NewModel();
        model.Freeze([new("norm", name => name == "norm")]);
        Fixtures.Train(model, Options);

        Assert.Equal((0, 1), (Value(model, "norm.running_mean"), Value(model, "norm.running_var")));
        Assert.NotEqual(1, Value(model, "after.running_var"));
    }

    [Fact]
    public void Stopped_before_they_are_there_a_training_goes_on_to_the_bit()
    {
        using CnnModel whole = NewModel(), part = NewModel();
        EpochRecord[] expected = Fixtures.Train(whole, Options);

        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf("stopped.safetensors"));
        using CancellationTokenSource stop = new();
        TrainingLoop loop = new(part, Fixtures.Data, Fixtures.Data.Normalization, Options, files, onStep: progress =>
        {
            if (progress.Batch == progress.Batches)
            {
                stop.Cancel();
            }
        });
        Assert.DoesNotContain(loop.Run(stop.Token), record => record is EpochRecord);
        TrainingCheckpoint checkpoint = TrainingCheckpoint.Open(Fixtures.Backend, files.CheckpointPath!);
        EpochRecord[] rest = Fixtures.Train(checkpoint.Model, checkpoint.Options, files, checkpoint);

        Assert.Equal(expected.Select(r => r.TestLoss), rest.Select(r => r.TestLoss));
        Assert.Equal(Fixtures.WeightsOf(whole), Fixtures.WeightsOf(checkpoint.Model));
        checkpoint.Model.Dispose();
    }

    [Theory]
    [InlineData(4096, 20_000, new[] { 4096, 4096, 4096 })]
    [InlineData(4096, 5_000, new[] { 4096, 904 })]
    [InlineData(20_000, 20_000, new[] { 20_000 })]
    public void Whole_batches_of_ten_thousand_images_are_enough(int batchSize, int images, int[] expected)
    {
        using CnnModel model = NewModel();
        Counting source = new(images);
        long[] order = [.. Enumerable.Range(0, images)];
        BatchNormRecalibration.Run(model, model.Weights, source, order, batchSize, CancellationToken.None);

        Assert.Equal(expected, source.Batches);
    }

    [Fact]
    public void A_network_without_reads_no_image()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        Counting source = new(100);
        BatchNormRecalibration.Run(model, model.Weights, source, new long[100], 10, CancellationToken.None);

        Assert.Empty(source.Batches);
    }

    [Fact]
    public void It_ends_after_the_batch_in_which_it_is_stopped()
    {
        using CnnModel model = NewModel();
        using CancellationTokenSource stop = new();
        Counting source = new(100) { OnLoad = stop.Cancel };
        BatchNormRecalibration.Run(model, model.Weights, source, new long[100], 10, stop.Token);

        Assert.Single(source.Batches);
    }

    private static CnnModel NewModel() => CnnModel.Create(Fixtures.Backend, "Normed", Graph, seed: 1, Device.Cpu);

    private static float Value(CnnModel model, string weight)
    {
        float[] values = new float[1];
        Fixtures.Backend.Read(model.Weights[weight], values);
        return values[0];
    }

    /// <summary>Gives single images of the data set over and over, and notes how large the batches were that were asked for.</summary>
    private sealed class Counting(int count) : IBatchSource
    {
        public List<int> Batches { get; } = [];

        public Action? OnLoad { get; init; }

        public int Count => count;

        public IReadOnlyList<int> Labels => [];

        public DecodeRate? Decoding => null;

        public IEnumerable<Batch> Read(ReadOnlyMemory<long> order, int batchSize, int first, CancellationToken stop)
        {
            for (int start = 0; start < order.Length && !stop.IsCancellationRequested; start += batchSize)
            {
                yield return new(order.Slice(start, Math.Min(batchSize, order.Length - start)));
            }
        }

        public (Tensor Images, Tensor Labels) Load(Batch batch, MemoryLayout layout, BatchAugmentation? augmentation = null)
        {
            Batches.Add(batch.Count);
            OnLoad?.Invoke();
            using ResidentSplit split = new(Fixtures.Backend, Fixtures.Data.Train, Normalization.None, Device.Cpu);
            return split.Gather([0, 1], layout);
        }

        public void Dispose()
        {
        }
    }
}
