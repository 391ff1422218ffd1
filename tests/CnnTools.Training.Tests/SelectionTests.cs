using CnnTools.Runs;
using CnnTools.Training;

namespace CnnTools.Tests;

/// <summary>What a training decides by a figure, and the range test.</summary>
public sealed class SelectionTests : IDisposable
{
    private readonly Fixtures _fixtures = new();

    private static TrainingOptions Options => new()
    {
        Epochs = 6,
        BatchSize = 40,
        Threads = 1,
        ValidationSplit = 0.2,
        TestEvery = 0,
    };

    [Fact]
    public void It_ends_when_nothing_gets_better()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        TrainingOptions options = Options with
        {
            // Too small to turn one image of forty to another class.
            LearningRate = 1e-7,
            Optimizer = OptimizerKind.SGD,
            Monitor = MonitoredFigure.ValidationAccuracy,
            EarlyStopPatience = 2,
        };

        EpochRecord[] records = Fixtures.Train(model, options);

        Assert.Equal(3, records.Length);
        Assert.All(records, record => Assert.Equal("Validation", record.SelectedOn));
    }

    [Fact]
    public void It_ends_when_it_is_good_enough()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        EpochRecord[] records = Fixtures.Train(model, Options with { Epochs = 50, TargetAccuracy = 0.9 });

        Assert.True(records.Length < 50);
        Assert.True(records[^1].ValidationAccuracy >= 0.9);
        Assert.All(records[..^1], record => Assert.True(record.ValidationAccuracy < 0.9));
    }

    [Fact]
    public void The_best_epochs_are_kept_in_their_order()
    {
        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf("last.safetensors"));
        using CnnModel model = Fixtures.NewModel("LeNet5");
        EpochRecord[] records = Fixtures.Train(model, Options with { LearningRate = 0.02, KeepBest = 2 }, files);
        int[] best = [.. records.OrderBy(r => r.ValidationLoss).Take(2).Select(r => (int)r.Step)];

        Assert.Equal(best, new[] { "last.best.safetensors", "last.best2.safetensors" }.Select(name =>
        {
            TrainingCheckpoint kept = TrainingCheckpoint.Open(Fixtures.Backend, _fixtures.PathOf(name));
            kept.Model.Dispose();
            return (int)kept.Step;
        }));
        Assert.False(File.Exists(_fixtures.PathOf("last.best3.safetensors")));
        File.Delete(files.CheckpointPath!);
        Assert.Equal("FileExists", Assert.Throws<CnnException>(() => Fixtures.Train(model, Options with { KeepBest = 2 }, files)).Id);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 4)]
    [InlineData(5, 1)]
    [InlineData(7, 3)]
    public void What_was_chosen_is_not_forgotten_by_an_interruption(int epoch, int batch)
    {
        TrainingOptions options = Options with { Epochs = 20, LearningRate = 0.02, EarlyStopPatience = 3, KeepBest = 3, LogEvery = 1 };
        TrainingFiles whole = new(CheckpointPath: _fixtures.PathOf("whole.safetensors"));
        using CnnModel model = Fixtures.NewModel("LeNet5");
        EpochRecord[] expected = Fixtures.Train(model, options, whole);
        Assert.InRange(expected.Length, 8, 19);

        TrainingFiles parts = new(CheckpointPath: _fixtures.PathOf("parts.safetensors"));
        using CnnModel first = Fixtures.NewModel("LeNet5");
        ITrainingRecord[] before =
        [
            .. new TrainingLoop(first, Fixtures.Data, Fixtures.Data.Normalization, options, parts).Run(default)
                .TakeWhile(r => !(r is StepRecord step && step.Epoch == epoch && step.Batch == batch)),
        ];
        TrainingCheckpoint checkpoint = TrainingCheckpoint.Open(Fixtures.Backend, parts.CheckpointPath!);
        using CnnModel second = checkpoint.Model;
        EpochRecord[] after = Fixtures.Train(second, checkpoint.Options, parts, checkpoint);

        Assert.Equal(expected.Select(Figures), before.OfType<EpochRecord>().Concat(after).Select(Figures));
        foreach (string suffix in new[] { "", ".best", ".best2", ".best3", ".best4" })
        {
            Assert.Equal(
                TensorsOf(_fixtures.PathOf($"whole{suffix}.safetensors")), TensorsOf(_fixtures.PathOf($"parts{suffix}.safetensors")));
        }

        static (int, long, double, double?) Figures(EpochRecord r) => (r.Epoch, r.Step, r.TrainLoss, r.ValidationLoss);
    }

    [Theory]
    [InlineData(false, new[] { 3.0, 1, 2, 2 }, new[] { 1.0, 2, 2 }, 2)]
    [InlineData(true, new[] { 0.5, 0.7, 0.6 }, new[] { 0.7, 0.6, 0.5 }, 1)]
    public void Figures_are_ranked(bool higherIsBetter, double[] figures, double[] kept, int badEpochs)
    {
        Selection selection = new();
        foreach (double figure in figures)
        {
            selection = selection.After(figure, higherIsBetter, keep: 3).Next;
        }

        Assert.Equal(kept, selection.Kept);
        Assert.Equal(kept[0], selection.Best);
        Assert.Equal(badEpochs, selection.BadEpochs);
    }

    [Fact]
    public void Nothing_is_decided_without_a_figure_that_may_be_looked_at()
    {
        foreach (TrainingOptions options in new[]
        {
            Options with { EarlyStopPatience = 1 }, Options with { TargetAccuracy = 0.9 }, Options with { KeepBest = 1 },
        })
        {
            TrainingOptions blind = options with { ValidationSplit = 0, TestEvery = 1 };
            Assert.Equal("NothingToMonitor", Assert.Throws<CnnException>(blind.Validate).Id);
            (blind with { Monitor = MonitoredFigure.TestAccuracy }).Validate();
        }
    }

    [Fact]
    public void A_range_test_suggests_a_rate_and_leaves_the_model()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        float[] before = Fixtures.WeightsOf(model);
        LearningRateFinder finder = new(model, Fixtures.Data, Fixtures.Data.Normalization, new() { BatchSize = 20, Threads = 1 });

        LearningRateRange range = finder.Run(1e-6, 10, steps: 60, onStep: null, default);

        Assert.Equal(before, Fixtures.WeightsOf(model));
        Assert.Equal(1e-6, range.Steps[0].LearningRate, 1e-12);
        Assert.Equal(Math.Pow(1e7, 1.0 / 59), range.Steps[1].LearningRate / range.Steps[0].LearningRate, 1e-9);
        Assert.InRange(range.LearningRate, 1e-5, 0.1);
        Assert.Equal("InvalidArgument", Assert.Throws<CnnException>(() => finder.Run(1, 0.1, 60, null, default)).Id);
        Assert.Equal("InvalidArgument", Assert.Throws<CnnException>(() => finder.Run(1e-6, 1, 1, null, default)).Id);
    }

    public void Dispose() => _fixtures.Dispose();

    /// <summary>All tensors of a checkpoint, byte by byte; its header tells besides how long it took. None where there is no file.</summary>
    private static byte[] TensorsOf(string path)
    {
        byte[] file = File.Exists(path) ? File.ReadAllBytes(path) : new byte[8];
        return file[(8 + (int)BitConverter.ToInt64(file))..];
    }
}
