using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Training;
using CnnTools.Weights;

namespace CnnTools.Tests;

public sealed class PreprocessingTests : IDisposable
{
    private readonly Fixtures _fixtures = new();

    private static TrainingOptions Options => new() { Epochs = 3, BatchSize = 16, Threads = 1 };

    [Fact]
    public void The_mean_image_is_subtracted_pixel_by_pixel()
    {
        ImageSet images = new([0, 51, 255, 204, 102, 153, 255, 0], [0, 1], new Shape(1, 2, 2));
        Normalization normalization = Normalization.MeanImageOf(images);
        using PixelTransform transform = new(Fixtures.Backend, normalization, images.ImageShape, Device.Cpu);
        using ITensorScope scope = Fixtures.Backend.BeginScope(recordGradients: false);

        Tensor batch = transform.Gather(
            Fixtures.Backend.FromBytes(images.Pixels, [2, 1, 2, 2], Device.Cpu), [1, 0], MemoryLayout.ChannelsLast);

        float[] values = new float[8];
        Fixtures.Backend.Read(batch, values);
        float[] expected = [0.2f, 0.2f, 0, -0.4f, -0.2f, -0.2f, 0, 0.4f];
        Assert.Equal(expected, values, (left, right) => Math.Abs(left - right) < 1e-6);
    }

    [Fact]
    public void A_mean_image_goes_with_the_model_into_its_file()
    {
        Normalization normalization = Normalization.MeanImageOf(Fixtures.Data.Train);
        using CnnModel model = Fixtures.NewModel("LeNet5");
        EpochRecord last = new TrainingLoop(model, Fixtures.Data, normalization, Options, Runs.TrainingFiles.None)
            .Run(CancellationToken.None).OfType<EpochRecord>().Last();
        string path = _fixtures.PathOf("mean.safetensors");
        ModelFile.Write(model, path);

        using CnnModel read = ModelFile.Read(Fixtures.Backend, path);

        Assert.Equal(normalization, read.Normalization);
        Assert.NotEqual(Normalization.None, read.Normalization);
        Evaluation evaluation = Evaluator.Test(
            read, Fixtures.Data, EvaluationSplit.Test, Device.Cpu, 256, threads: 1, CancellationToken.None);
        Assert.Equal(last.TestLoss!.Value, evaluation.Loss, 1e-6);
    }

    [Fact]
    public void Data_sorted_by_class_are_shuffled_and_split_alike()
    {
        ImageSet train = Fixtures.Data.Train;
        Dataset sorted = Fixtures.Data with
        {
            Train = train.Select([.. Enumerable.Range(0, train.Count).OrderBy(i => train.Labels[i])]),
        };
        TrainingOptions options = Options with { ValidationSplit = 0.2 };
        using CnnModel model = Fixtures.NewModel("LeNet5");

        (ImageSet rest, ImageSet? validation) = TrainingLoop.SplitTraining(sorted, options);
        EpochRecord last = new TrainingLoop(model, sorted, sorted.Normalization, options with { Epochs = 4 }, Runs.TrainingFiles.None)
            .Run(CancellationToken.None).OfType<EpochRecord>().Last();

        Assert.All(Enumerable.Range(0, 10), label =>
            Assert.Equal((16, 4), (rest.Labels.Count(l => l == label), validation!.Labels.Count(l => l == label))));
        Assert.True(last.TestAccuracy > 0.95, $"test accuracy {last.TestAccuracy}");
    }

    [Fact]
    public void Test_images_that_were_trained_on_are_counted()
    {
        ImageSet test = Fixtures.Data.Test, train = Fixtures.Data.Train;
        ImageSet mixed = new([.. test.Pixels[..(48 * 784)], .. train.Pixels[(5 * 784)..(7 * 784)]], test.Labels, test.ImageShape);

        Assert.Equal(0, SharedImages.Count(Fixtures.Data));
        Assert.Equal(2, SharedImages.Count(Fixtures.Data with { Test = mixed }));
    }

    public void Dispose() => _fixtures.Dispose();
}
