using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Predictions;
using CnnTools.Runs;
using CnnTools.Training;
using CnnTools.Weights;

namespace CnnTools.Tests;

/// <summary>Whitening, from the images to the file of a model; WhiteningParityTests hold its values against numpy.</summary>
public sealed class WhiteningTests : IDisposable
{
    private readonly Fixtures _fixtures = new();

    private static TrainingOptions Options => new() { Epochs = 2, BatchSize = 40, Threads = 1, LogEvery = 1 };

    [Theory]
    [InlineData(WhiteningKind.Zca)]
    [InlineData(WhiteningKind.Pca)]
    public void Whitened_images_are_uncorrelated_and_vary_by_one(WhiteningKind kind)
    {
        ImageSet images = Blotches(count: 600, side: 4);
        float[] values = Whiten(images, Normalization.WhiteningOf(Fixtures.Backend, images, kind, epsilon: 1e-7));

        double[][] rows = [.. values.Chunk(48).Select(row => Array.ConvertAll(row, value => (double)value))];
        for (int i = 0; i < 48; i++)
        {
            Assert.Equal(0, rows.Average(row => row[i]), 1e-3);
            for (int j = 0; j <= i; j++)
            {
                Assert.Equal(i == j ? 1 : 0, rows.Average(row => row[i] * row[j]), 0.01);
            }
        }
    }

    [Fact]
    public void Zca_stays_nearer_to_the_image_than_pca()
    {
        ImageSet images = Blotches(count: 200, side: 4);
        float[] image = Whiten(images, Normalization.MeanImageOf(images));

        Assert.True(Likeness(WhiteningKind.Zca) > Math.Abs(Likeness(WhiteningKind.Pca)) + 0.2);

        double Likeness(WhiteningKind kind)
        {
            float[] values = Whiten(images, Normalization.WhiteningOf(Fixtures.Backend, images, kind));
            return Sum(values, image) / Math.Sqrt(Sum(values, values) * Sum(image, image));
        }

        static double Sum(float[] left, float[] right) => left.Zip(right, (a, b) => (double)a * b).Sum();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Too_few_images_and_pixels_that_never_change_give_numbers(int count)
    {
        ImageSet images = Blotches(count, side: 8);
        for (int i = 0; i < count; i++)
        {
            images.Pixels.AsSpan(i * 192, 64).Fill(80);
        }

        foreach (WhiteningKind kind in Enum.GetValues<WhiteningKind>())
        {
            float[] values = Whiten(images, Normalization.WhiteningOf(Fixtures.Backend, images, kind, epsilon: 1e-5));

            Assert.All(values, value => Assert.InRange(value, -20, 20));
            Assert.Equal(count == 1, Array.TrueForAll(values, value => Math.Abs(value) < 1e-3));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Predicting_sees_what_training_saw(bool whitened)
    {
        ImageSet images = Blotches(count: 30, side: 28, channels: 1);
        Normalization normalization = whitened
            ? Normalization.WhiteningOf(Fixtures.Backend, images, WhiteningKind.Zca)
            : Normalization.MeanImageOf(images);
        using CnnModel model = CnnModel.Create(
            Fixtures.Backend, "LeNet5", Zoo.Catalog.Get("LeNet5").Build(images.ImageShape, 10), seed: 0, Device.Cpu);
        SampleReader reader = new(model, normalization);

        float[] expected = Whiten(images, normalization, MemoryLayout.ChannelsLast);
        float[] seen = [.. Enumerable.Range(0, images.Count).SelectMany(i => reader.Read(images.ImageAt(i, ["blotch"]), "").Values)];

        Assert.Equal(expected, seen, (left, right) => Math.Abs(left - right) < 1e-4);
    }

    [Fact]
    public void The_layout_changes_no_value()
    {
        ImageSet images = Blotches(count: 30, side: 6);
        Normalization normalization = Normalization.WhiteningOf(Fixtures.Backend, images, WhiteningKind.Pca);

        Assert.Equal(Whiten(images, normalization), Whiten(images, normalization, MemoryLayout.ChannelsLast));
    }

    [Fact]
    public void It_goes_with_the_model_into_its_file()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        EpochRecord last = Train(model, Options, TrainingFiles.None).OfType<EpochRecord>().Last();
        string path = _fixtures.PathOf("whitened.safetensors");
        ModelFile.Write(model, path);

        using CnnModel read = ModelFile.Read(Fixtures.Backend, path);

        Assert.Equal(Zca, read.Normalization);
        Evaluation evaluation = Evaluator.Test(
            read, Fixtures.Data, EvaluationSplit.Test, Device.Cpu, 256, threads: 1, CancellationToken.None);
        Assert.Equal(last.TestLoss!.Value, evaluation.Loss, 1e-5);
        Assert.Equal(last.TestAccuracy, evaluation.Accuracy);
        Assert.Equal("WhiteningNotInOnnx", Assert.Throws<CnnException>(() => OnnxFile.Write(read, _fixtures.PathOf("no.onnx"))).Id);
    }

    [Fact]
    public void A_file_whose_whitening_is_damaged_is_refused()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        _ = Train(model, Options with { Epochs = 1 }, TrainingFiles.None).Last();
        string path = _fixtures.PathOf("whitened.safetensors");
        ModelFile.Write(model, path);

        Assert.Equal("WeightMissing", IdOf(tensors => [.. tensors.Where(t => !t.Name.Contains("whitening", StringComparison.Ordinal))]));
        Assert.Equal("WeightDiffers", IdOf(tensors => Replace(tensors, [784, 1], 0)));
        Assert.Equal("CorruptFile", IdOf(tensors => Replace(tensors, [784, 784], float.NaN)));

        string IdOf(Func<SafetensorsTensor[], SafetensorsTensor[]> change)
        {
            string damaged = _fixtures.PathOf("damaged.safetensors");
            using (SafetensorsFile file = SafetensorsFile.Open(path))
            {
                SafetensorsTensor[] tensors = [.. file.Tensors.Select(t => SafetensorsTensor.FromFloats(t.Name, t.Shape, () => t.ReadFloats()))];
                SafetensorsWriter.Write(damaged, change(tensors), file.Metadata);
            }

            return Assert.Throws<CnnException>(() => ModelFile.Read(Fixtures.Backend, damaged)).Id;
        }

        static SafetensorsTensor[] Replace(SafetensorsTensor[] tensors, long[] sizes, float value) =>
        [
            .. tensors.Select(t => t.Name.Contains("whitening", StringComparison.Ordinal)
                ? SafetensorsTensor.FromFloats(t.Name, sizes, () => Enumerable.Repeat(value, (int)(sizes[0] * sizes[1])).ToArray())
                : t),
        ];
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    public void A_training_goes_on_bit_for_bit(int epoch, int batch)
    {
        using CnnModel whole = Fixtures.NewModel("LeNet5");
        EpochRecord expected = Train(whole, Options, TrainingFiles.None).OfType<EpochRecord>().Last();
        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf("part.safetensors"));
        using CnnModel part = Fixtures.NewModel("LeNet5");
        _ = Train(part, Options, files).First(r => r is StepRecord step && step.Epoch == epoch && step.Batch == batch);

        TrainingCheckpoint checkpoint = TrainingCheckpoint.Open(Fixtures.Backend, files.CheckpointPath!);
        using CnnModel rest = checkpoint.Model;
        EpochRecord actual = new TrainingLoop(rest, Fixtures.Data, rest.Normalization!, checkpoint.Options, files, checkpoint)
            .Run(CancellationToken.None).OfType<EpochRecord>().Last();

        Assert.Equal((expected.TrainLoss, expected.TestLoss), (actual.TrainLoss, actual.TestLoss));
        Assert.Equal(Fixtures.WeightsOf(whole), Fixtures.WeightsOf(rest));
    }

    [Fact]
    public void The_checkpoint_at_the_start_has_it_already()
    {
        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf("start.safetensors")) { SavesStart = true };
        using CnnModel model = Fixtures.NewModel("LeNet5");
        Normalization? saved = null;
        _ = new TrainingLoop(model, Fixtures.Data, Zca, Options, files, onStep: _ =>
        {
            if (saved is null)
            {
                using CnnModel start = ModelFile.Read(Fixtures.Backend, files.CheckpointPath!);
                saved = start.Normalization;
            }
        }).Run(CancellationToken.None).First();

        Assert.Equal(Zca, saved);
    }

    [Fact]
    public void Images_that_are_too_large_and_an_epsilon_of_nothing_are_refused()
    {
        ImageSet large = new(new byte[3 * 33 * 32], [0], new Shape(3, 33, 32));
        Assert.Equal("WhiteningTooLarge", Assert.Throws<CnnException>(
            () => Normalization.WhiteningOf(Fixtures.Backend, large, WhiteningKind.Zca)).Id);
        foreach (double epsilon in new[] { 0, -1, double.NaN, double.PositiveInfinity })
        {
            Assert.Equal("InvalidArgument", Assert.Throws<CnnException>(
                () => Normalization.WhiteningOf(Fixtures.Backend, Fixtures.Data.Train, WhiteningKind.Pca, epsilon)).Id);
        }
    }

    public void Dispose() => _fixtures.Dispose();

    private static readonly Lazy<Normalization> Fitted =
        new(() => Normalization.WhiteningOf(Fixtures.Backend, Fixtures.Data.Train, WhiteningKind.Zca));

    private static Normalization Zca => Fitted.Value;

    private static IEnumerable<ITrainingRecord> Train(CnnModel model, TrainingOptions options, TrainingFiles files) =>
        new TrainingLoop(model, Fixtures.Data, Zca, options, files).Run(CancellationToken.None);

    private static float[] Whiten(ImageSet images, Normalization normalization, MemoryLayout layout = MemoryLayout.Contiguous)
    {
        using PixelTransform transform = new(Fixtures.Backend, normalization, images.ImageShape, Device.Cpu);
        using ITensorScope scope = Fixtures.Backend.BeginScope(recordGradients: false);
        Tensor bytes = Fixtures.Backend.FromBytes(images.Pixels, images.ImageShape.WithBatch(images.Count), Device.Cpu);
        float[] values = new float[images.Pixels.Length];
        Fixtures.Backend.Read(transform.Gather(bytes, [.. Enumerable.Range(0, images.Count)], layout), values);
        return values;
    }

    /// <summary>Images whose neighbours are alike: each pixel is the mean of noise around it.</summary>
    private static ImageSet Blotches(int count, int side, int channels = 3)
    {
        RandomStream random = new(2, "blotches");
        int size = channels * side * side;
        byte[] pixels = new byte[count * size];
        for (int i = 0; i < count; i++)
        {
            double[] noise = [.. Enumerable.Range(0, size + side + 1).Select(_ => random.NextDouble())];
            for (int p = 0; p < size; p++)
            {
                pixels[(i * size) + p] = (byte)(85 * (noise[p] + noise[p + 1] + noise[p + side]));
            }
        }

        return new(pixels, new int[count], new Shape(channels, side, side));
    }
}
