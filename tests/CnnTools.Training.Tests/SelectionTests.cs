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
        EpochRecord[] records = Fixtures.Train(
            model, Options with { LearningRate = 0.02, KeepBest = 2, Monitor = MonitoredFigure.ValidationLoss }, files);
        long?[] best = [.. records.OrderBy(r => r.ValidationLoss).Take(2).Select(r => (long?)r.Step)];

        Assert.Equal(best, StepsOf("last.best.safetensors", "last.best2.safetensors"));
        Assert.False(File.Exists(_fixtures.PathOf("last.best3.safetensors")));
        File.Delete(files.CheckpointPath!);
        Assert.Equal("FileExists", Assert.Throws<CnnException>(() => Fixtures.Train(model, Options with { KeepBest = 2 }, files)).Id);
    }

    [Fact]
    public void The_best_of_an_earlier_training_are_not_taken_for_those_of_one_that_replaces_it()
    {
        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf("last.safetensors")) { ReplaceCheckpoint = true };
        foreach ((double rate, int keep) in new[] { (1e-4, 3), (1e-2, 1) })
        {
            using CnnModel model = Fixtures.NewModel("LeNet5");
            Fixtures.Train(model, Options with { Epochs = 3, MaxSteps = 2 * keep, LearningRate = rate, KeepBest = keep }, files);
        }

        Assert.Equal(File.ReadAllBytes(files.CheckpointPath!), File.ReadAllBytes(files.BestPath!));
        Assert.False(File.Exists(_fixtures.PathOf("last.best2.safetensors")));
    }

    [Fact]
    public void A_best_one_that_was_taken_away_has_no_other_in_its_place()
    {
        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf("last.safetensors"));
        using CnnModel model = Fixtures.NewModel("LeNet5");
        Fixtures.Train(model, Options with { Epochs = 1 }, files);
        File.Copy(files.CheckpointPath!, _fixtures.PathOf("best.safetensors"));

        BestCheckpoints.Arrange(_fixtures.PathOf("best.safetensors"), files.CheckpointPath!, step: 100, [new(0.5, 50)]);

        Assert.False(File.Exists(_fixtures.PathOf("best.safetensors")));
    }

    /// <summary>Wherever a process is killed, the files come into their order when they are arranged again.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_best_are_arranged_again_after_a_kill(int moved)
    {
        string[] names = ["best.safetensors", "best2.safetensors", "best3.safetensors"];
        (string best, string last) = (_fixtures.PathOf(names[0]), _fixtures.PathOf("last.safetensors"));
        foreach ((string name, int epoch) in names.Append("last.safetensors").Zip([3, 2, 1, 4]))
        {
            using CnnModel model = Fixtures.NewModel("LeNet5");
            Fixtures.Train(model, Options with { Epochs = epoch }, new(CheckpointPath: _fixtures.PathOf(name)));
        }

        long perEpoch = TrainingCheckpoint.StepOf(last)!.Value / 4;
        for (int place = 2; place > 2 - moved; place--)
        {
            File.Move(_fixtures.PathOf(names[place - 1]), _fixtures.PathOf(names[place]), overwrite: true);
        }

        BestCheckpoints.Arrange(best, last, 4 * perEpoch, [new(0.4, 4 * perEpoch), new(0.3, 3 * perEpoch), new(0.2, 2 * perEpoch)]);

        Assert.Equal([4 * perEpoch, 3 * perEpoch, 2 * perEpoch], StepsOf(names));
        Assert.Equal(File.ReadAllBytes(last), File.ReadAllBytes(best));
    }

    [Fact]
    public void What_was_chosen_is_not_forgotten_by_an_interruption()
    {
        TrainingOptions options = Options with
        {
            Epochs = 30, LearningRate = 2e-4, Monitor = MonitoredFigure.ValidationAccuracy, EarlyStopPatience = 3, KeepBest = 3, LogEvery = 1,
        };
        TrainingFiles whole = new(CheckpointPath: _fixtures.PathOf("whole.safetensors"));
        using CnnModel model = Fixtures.NewModel("LeNet5");
        EpochRecord[] expected = Fixtures.Train(model, options, whole);
        Assert.InRange(expected.Length, 6, 29);

        // The last three epochs are those without a better figure.
        foreach ((int epoch, int batch) in new[] { (1, 2), (expected.Length - 3, 4), (expected.Length - 1, 1), (expected.Length, 3) })
        {
            string name = $"{epoch}-{batch}";
            Assert.Equal(expected.Select(Figures), TrainInTwo(options, name, epoch, batch).Select(Figures));
            Assert.All(["", ".best", ".best2", ".best3", ".best4"], place => Assert.Equal(
                TensorsOf(_fixtures.PathOf($"whole{place}.safetensors")), TensorsOf(_fixtures.PathOf($"{name}{place}.safetensors"))));
        }

        static (int, long, double, double?) Figures(EpochRecord r) => (r.Epoch, r.Step, r.TrainLoss, r.ValidationLoss);
    }

    [Theory]
    [InlineData(false, new[] { 3.0, 1, 2, 2 }, new[] { 1.0, 2, 2 }, 2)]
    [InlineData(true, new[] { 0.5, 0.7, 0.6 }, new[] { 0.7, 0.6, 0.5 }, 1)]
    public void Figures_are_ranked(bool higherIsBetter, double[] figures, double[] kept, int badEpochs)
    {
        Selection selection = new();
        foreach ((int step, double figure) in figures.Index())
        {
            selection = selection.After(figure, step, higherIsBetter, keep: 3);
        }

        Assert.Equal(kept, selection.Kept.Select(epoch => epoch.Figure));
        Assert.All(selection.Kept, epoch => Assert.Equal(figures[epoch.Step], epoch.Figure));
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

    private long?[] StepsOf(params string[] names) => [.. names.Select(name => TrainingCheckpoint.StepOf(_fixtures.PathOf(name)))];

    /// <summary>The epochs of a training that is interrupted behind a step, and goes on from its checkpoint.</summary>
    private EpochRecord[] TrainInTwo(TrainingOptions options, string name, int epoch, int batch)
    {
        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf($"{name}.safetensors"));
        using CnnModel first = Fixtures.NewModel("LeNet5");
        EpochRecord[] before =
        [
            .. new TrainingLoop(first, Fixtures.Data, Fixtures.Data.Normalization, options, files).Run(default)
                .TakeWhile(r => !(r is StepRecord step && step.Epoch == epoch && step.Batch == batch)).OfType<EpochRecord>(),
        ];
        TrainingCheckpoint checkpoint = TrainingCheckpoint.Open(Fixtures.Backend, files.CheckpointPath!);
        using CnnModel second = checkpoint.Model;
        return [.. before, .. Fixtures.Train(second, checkpoint.Options, files, checkpoint)];
    }

    /// <summary>All tensors of a checkpoint, byte by byte; its header tells besides how long it took. None where there is no file.</summary>
    private static byte[] TensorsOf(string path)
    {
        byte[] file = File.Exists(path) ? File.ReadAllBytes(path) : new byte[8];
        return file[(8 + (int)BitConverter.ToInt64(file))..];
    }
}
