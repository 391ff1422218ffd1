using CnnTools.Augmentation;
using CnnTools.Backends;
using CnnTools.Images;
using CnnTools.Runs;
using CnnTools.Training;

namespace CnnTools.Tests;

public sealed class AugmentationTests : IDisposable
{
    private static readonly string[] All =
        ["RandomCrop 3 reflect", "HorizontalFlip", "RandAugment 2 15", "ColorJitter 0.3 0.3", "Rotation 20 bilinear", "RandomErasing 0.5", "Cutout 6"];

    private readonly Fixtures _fixtures = new();

    private static TrainingOptions Options => new() { Epochs = 2, BatchSize = 32, Threads = 1, LogEvery = 1, Augmentation = [.. All] };

    [Fact]
    public void A_training_with_augmentation_goes_on_bit_for_bit()
    {
        using CnnModel whole = Fixtures.NewModel("LeNet5");
        EpochRecord[] expected = Fixtures.Train(whole, Options);
        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf("augmented.safetensors"));
        using CnnModel first = Fixtures.NewModel("LeNet5");
        _ = new TrainingLoop(first, Fixtures.Data, Fixtures.Data.Normalization, Options, files).Run(CancellationToken.None).ElementAt(3);
        TrainingCheckpoint checkpoint = TrainingCheckpoint.Open(Fixtures.Backend, files.CheckpointPath!);

        EpochRecord[] rest = Fixtures.Train(checkpoint.Model, checkpoint.Options, files, checkpoint);

        Assert.Equal(All, checkpoint.Options.Augmentation);
        Assert.Equal(expected.Select(r => (r.TrainLoss, r.TestLoss)), rest.Select(r => (r.TrainLoss, r.TestLoss)));
        Assert.Equal(Fixtures.WeightsOf(whole), Fixtures.WeightsOf(checkpoint.Model));
        checkpoint.Model.Dispose();
    }

    [Fact]
    public void The_same_seed_gives_the_same_pictures_on_any_number_of_threads()
    {
        byte[][] one = Draw(seed: 3, threads: 1);

        Assert.Equal(one, Draw(seed: 3, threads: 2));
        Assert.NotEqual(one, Draw(seed: 4, threads: 1));
        Assert.Equal(one.Length, one.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void Only_the_training_split_is_changed()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        EpochRecord record = Fixtures.Train(model, Options with { Epochs = 1 })[0];

        Evaluation plain = Evaluator.Test(
            model, Fixtures.Data, EvaluationSplit.Test, Device.Cpu, 256, threads: 1, CancellationToken.None);

        Assert.Equal(record.TestLoss!.Value, plain.Loss, 1e-6);
    }

    [Fact]
    public void What_is_wrong_is_said_before_any_work()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");

        CnnException error = Assert.Throws<CnnException>(() => Fixtures.Train(model, Options with { Augmentation = ["ColorJitter hue=0.1"] }));

        Assert.Equal("AugmentationDoesNotFit", error.Id);
        Assert.Null(model.TrainedOn);
    }

    [Fact]
    public void All_that_it_made_is_freed()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        long before = Fixtures.CountLiveHandles();

        Fixtures.Train(model, Options with { Epochs = 1 });
        Draw(seed: 1, threads: 1);

        Assert.Equal(before, Fixtures.Backend.LiveHandles);
    }

    public void Dispose() => _fixtures.Dispose();

    private static byte[][] Draw(ulong seed, int threads)
    {
        using IDisposable lease = ThreadCount.Use(Fixtures.Backend, threads);
        IEnumerable<CnnImage> drawn = AugmentedImages.Draw(
            Fixtures.Backend, Fixtures.Data.Test.Select([0, 1, 2]), Fixtures.Data.ClassNames, Fixtures.Data.Normalization, All, copies: 40, seed);
        return [.. drawn.Select(image => image.Pixels)];
    }
}
