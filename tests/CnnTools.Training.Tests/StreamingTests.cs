using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Images;
using CnnTools.Runs;
using CnnTools.Training;

namespace CnnTools.Tests;

public sealed class StreamingTests : IDisposable
{
    private static readonly TrainingOptions Options = new() { Epochs = 2, BatchSize = 8, Threads = 1, LogEvery = 1, ValidationSplit = 0.2 };

    private readonly Fixtures _fixtures = new();

    /// <summary>A hundred images of ten classes, as files.</summary>
    public StreamingTests()
    {
        for (int i = 0; i < 100; i++)
        {
            CnnImage image = Fixtures.Data.Train.ImageAt(i, Fixtures.Data.ClassNames);
            string path = _fixtures.PathOf($"{image.Label}/{i:000}.png");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            ImageFile.Write(Engine.Images, image, path, ImageFormat.Png, quality: 90);
        }
    }

    public void Dispose() => _fixtures.Dispose();

    [Fact]
    public void What_is_streamed_trains_as_what_is_resident_to_the_bit()
    {
        Dataset resident = Load(null), streamed = Load(0);
        Assert.Equal((false, true, true), (resident.Train.IsStreamed, streamed.Train.IsStreamed, streamed.Test.IsStreamed));
        Assert.Equal(resident.Fingerprint, streamed.Fingerprint);
        Assert.Equal(resident.Normalization, streamed.Normalization);

        using CnnModel first = Fixtures.NewModel("ImageClassification"), second = Fixtures.NewModel("ImageClassification");
        ITrainingRecord[] expected = [.. Loop(first, resident).Run(CancellationToken.None)];
        Assert.Equal(expected.Select(Figures), Loop(second, streamed).Run(CancellationToken.None).Select(Figures));
        Assert.Equal(Fixtures.WeightsOf(first), Fixtures.WeightsOf(second));
        foreach (EvaluationSplit split in Enum.GetValues<EvaluationSplit>())
        {
            Assert.Equal(Test(first, resident, split).Loss, Test(second, streamed, split).Loss);
        }
    }

    [Fact]
    public void A_streamed_training_goes_on_within_an_epoch_to_the_bit()
    {
        Dataset streamed = Load(0);
        using CnnModel whole = Fixtures.NewModel("ImageClassification"), part = Fixtures.NewModel("ImageClassification");
        ITrainingRecord[] expected = [.. Loop(whole, streamed).Run(CancellationToken.None)];

        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf("part.safetensors"));
        _ = Loop(part, streamed, files).Run(CancellationToken.None).ElementAt(4);
        TrainingCheckpoint checkpoint = TrainingCheckpoint.Open(Fixtures.Backend, files.CheckpointPath!);
        Assert.Equal(5, checkpoint.Step);
        Assert.Equal(0, checkpoint.Data.ResidentLimit);
        TrainingLoop rest = new(checkpoint.Model, streamed, streamed.Normalization, checkpoint.Options, files, checkpoint);
        Assert.Equal(expected.Skip(5).Select(Figures), rest.Run(CancellationToken.None).Select(Figures));
        Assert.Equal(Fixtures.WeightsOf(whole), Fixtures.WeightsOf(checkpoint.Model));
        checkpoint.Model.Dispose();
    }

    [Fact]
    public void A_file_that_vanishes_is_told_and_the_checkpoint_stands_at_the_last_step()
    {
        Dataset streamed = Load(0);
        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf("gone.safetensors"));
        using CnnModel model = Fixtures.NewModel("LeNet5");
        int steps = 0;
        CnnException error = Assert.Throws<CnnException>(() =>
        {
            foreach (ITrainingRecord record in Loop(model, streamed, files).Run(CancellationToken.None))
            {
                if (record is StepRecord && ++steps == 2)
                {
                    Directory.Delete(_fixtures.PathOf("row 3"), recursive: true);
                }
            }
        });
        Assert.Equal("FileNotFound", error.Id);
        Assert.Contains("row 3", error.Message, StringComparison.Ordinal);
        TrainingCheckpoint checkpoint = TrainingCheckpoint.Open(Fixtures.Backend, files.CheckpointPath!);
        Assert.Equal(steps, checkpoint.Step);
        checkpoint.Model.Dispose();
    }

    [Fact]
    public void A_broken_file_is_found_when_the_set_is_opened()
    {
        string path = Directory.GetFiles(_fixtures.PathOf("row 7"))[0];
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        CnnException error = Assert.Throws<CnnException>(() => Load(0));
        Assert.Equal("CorruptFile", error.Id);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    public void Batches_do_not_depend_on_the_workers(int workers)
    {
        Dataset resident = Load(null);
        using StreamedSplit split = new(Fixtures.Backend, Load(0).Train, Normalization.None, Device.Cpu, workers);
        long[] order = [.. Enumerable.Range(0, split.Count).Select(i => (long)((i * 37) % split.Count))];
        List<byte> pixels = [];
        foreach (Batch batch in split.Read(order, 7, first: 2, CancellationToken.None))
        {
            pixels.AddRange(batch.Pixels.AsSpan(0, batch.Count * 784));
        }

        Assert.Equal(resident.Train.Select([.. order.Skip(14).Select(i => (int)i)]).Pixels, pixels);
        Assert.True(split.Decoding!.Value.ImagesPerSecond > 0);
    }

    [Fact]
    public void A_token_ends_the_reading_and_the_opening()
    {
        using StreamedSplit split = new(Fixtures.Backend, Load(0).Train, Normalization.None, Device.Cpu, workers: 2);
        using CancellationTokenSource stop = new();
        int batches = 0;
        foreach (Batch batch in split.Read(Enumerable.Range(0, split.Count).Select(i => (long)i).ToArray(), 4, first: 0, stop.Token))
        {
            batches++;
            stop.Cancel();
        }

        Assert.Equal(1, batches);
        Assert.ThrowsAny<OperationCanceledException>(() =>
            DatasetCatalog.Load(new(_fixtures.Folder) { ResidentLimit = 1 }, () => Engine.Images, stop: stop.Token));
    }

    private Dataset Load(long? limit) =>
        DatasetCatalog.Load(new(_fixtures.Folder) { ResidentLimit = limit }, () => Engine.Images);

    private static TrainingLoop Loop(CnnModel model, Dataset data, TrainingFiles? files = null) =>
        new(model, data, data.Normalization, Options, files ?? TrainingFiles.None);

    private static Evaluation Test(CnnModel model, Dataset data, EvaluationSplit split) =>
        Evaluator.Test(model, data, split, Device.Cpu, batchSize: 16, threads: 1, CancellationToken.None);

    /// <summary>All but what time and place decide.</summary>
    private static object Figures(ITrainingRecord record) => record is EpochRecord epoch
        ? (epoch.Epoch, epoch.Step, epoch.TrainLoss, epoch.TrainAccuracy, epoch.ValidationLoss, epoch.TestLoss, epoch.TestAccuracy)
        : (((StepRecord)record).Step, ((StepRecord)record).Loss);
}
