using CnnTools.Runs;
using CnnTools.Training;

namespace CnnTools.Tests;

/// <summary>Schedules within a training: what the records say, what is refused, and how one goes on.</summary>
public sealed class ScheduleTests : IDisposable
{
    private readonly Fixtures _fixtures = new();

    private static TrainingOptions Options => new() { Epochs = 3, BatchSize = 50, Threads = 1, LearningRate = 0.01 };

    public static TheoryData<ScheduleKind> Kinds => [.. Enum.GetValues<ScheduleKind>()];

    [Fact]
    public void Records_say_the_rate_that_was_used()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        TrainingOptions options = Options with
        {
            LogEvery = 1,
            Schedule = new() { Kind = ScheduleKind.Step, By = ScheduleUnit.Step, StepSize = 4, Gamma = 0.5 },
        };
        ITrainingRecord[] records =
            [.. new TrainingLoop(model, Fixtures.Data, Fixtures.Data.Normalization, options, TrainingFiles.None).Run(default)];

        Assert.Equal([0.01, 0.005, 0.0025], records.OfType<EpochRecord>().Select(r => r.LearningRate));
        Assert.Equal(12, records.OfType<StepRecord>().Count());
        Assert.Equal(0.005, records.OfType<StepRecord>().ElementAt(4).LearningRate);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_training_stopped_within_its_schedule_goes_on_bit_for_bit(ScheduleKind kind)
    {
        TrainingOptions options = Options with
        {
            Epochs = 4,
            Optimizer = OptimizerKind.SGD,
            LogEvery = 1,
            ValidationSplit = 0.2,
            Schedule = Example(kind) with { WarmupEpochs = kind == ScheduleKind.OneCycle ? null : 1 },
        };
        using CnnModel whole = Fixtures.NewModel("LeNet5");
        EpochRecord[] expected = Fixtures.Train(whole, options);

        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf($"{kind}.safetensors"));
        using CnnModel first = Fixtures.NewModel("LeNet5");
        _ = new TrainingLoop(first, Fixtures.Data, Fixtures.Data.Normalization, options, files)
            .Run(default).First(r => r is StepRecord { Epoch: 3, Batch: 2 });
        TrainingCheckpoint checkpoint = TrainingCheckpoint.Open(Fixtures.Backend, files.CheckpointPath!);
        EpochRecord[] rest = Fixtures.Train(checkpoint.Model, checkpoint.Options, files, checkpoint);

        Assert.Equal(expected.Skip(2).Select(Figures), rest.Select(Figures));
        Assert.Equal(Fixtures.WeightsOf(whole), Fixtures.WeightsOf(checkpoint.Model));
        Assert.Equal(kind == ScheduleKind.Plateau ? "Validation" : null, rest[0].SelectedOn);
        checkpoint.Model.Dispose();
    }

    [Fact]
    public void Epochs_that_are_added_keep_the_last_rate()
    {
        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf("more.safetensors"));
        using CnnModel model = Fixtures.NewModel("LeNet5");
        TrainingOptions options = Options with { Schedule = new() { Kind = ScheduleKind.Cosine, MinLearningRate = 1e-4 } };
        Fixtures.Train(model, options, files);
        TrainingCheckpoint checkpoint = TrainingCheckpoint.Open(Fixtures.Backend, files.CheckpointPath!);

        EpochRecord[] more = Fixtures.Train(checkpoint.Model, checkpoint.Options with { Epochs = 5 }, files, checkpoint);

        Assert.Equal([1e-4, 1e-4], more.Select(r => r.LearningRate));
        checkpoint.Model.Dispose();
    }

    [Fact]
    public void A_plateau_lowers_the_rate_when_nothing_gets_better()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        TrainingOptions options = Options with
        {
            // Too small to turn one image of forty to another class.
            LearningRate = 1e-6,
            Optimizer = OptimizerKind.SGD,
            ValidationSplit = 0.2,
            Monitor = MonitoredFigure.ValidationAccuracy,
            Schedule = new() { Kind = ScheduleKind.Plateau, Patience = 0, Gamma = 0.5 },
        };

        Assert.Equal([1e-6, 1e-6, 5e-7], Fixtures.Train(model, options).Select(r => r.LearningRate));
    }

    [Theory]
    [InlineData("StepSize", "Step,")]
    [InlineData("Power", "Polynomial")]
    [InlineData("Patience", "Plateau")]
    [InlineData("MinLearningRate", "Cosine, Plateau, OneCycle")]
    public void A_parameter_of_another_schedule_is_refused(string parameter, string owner)
    {
        ScheduleOptions schedule = new()
        {
            Kind = ScheduleKind.Exponential,
            Gamma = 0.9,
            StepSize = parameter == "StepSize" ? 3 : null,
            Power = parameter == "Power" ? 2 : null,
            Patience = parameter == "Patience" ? 2 : null,
            MinLearningRate = parameter == "MinLearningRate" ? 1e-5 : null,
        };

        CnnException error = Assert.Throws<CnnException>((Options with { Schedule = schedule }).Validate);

        Assert.Equal("IncompatibleArguments", error.Id);
        Assert.Contains($"-{parameter}", error.Message, StringComparison.Ordinal);
        Assert.Contains(owner, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ScheduleKind.Step, "-StepSize")]
    [InlineData(ScheduleKind.MultiStep, "-Milestones")]
    [InlineData(ScheduleKind.Exponential, "-Gamma")]
    public void What_a_schedule_needs_must_be_given(ScheduleKind kind, string parameter)
    {
        CnnException error = Assert.Throws<CnnException>((Options with { Schedule = new() { Kind = kind } }).Validate);
        Assert.Contains(parameter, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_makes_no_sense_together_is_refused()
    {
        ScheduleOptions plateau = new() { Kind = ScheduleKind.Plateau };
        Assert.Equal("NothingToMonitor", IdOf(Options with { Schedule = plateau }));
        Assert.Equal("IncompatibleArguments", IdOf(Options with { Schedule = plateau, Monitor = MonitoredFigure.ValidationLoss }));
        Assert.Equal("IncompatibleArguments", IdOf(Options with { Schedule = plateau, Monitor = MonitoredFigure.TestLoss, TestEvery = 0 }));
        Assert.Equal("IncompatibleArguments", IdOf(Options with { Schedule = plateau with { By = ScheduleUnit.Step }, ValidationSplit = 0.2 }));
        Assert.Equal("IncompatibleArguments", IdOf(Options with { Monitor = MonitoredFigure.TestLoss }));
        Assert.Equal("IncompatibleArguments", IdOf(Options with { Schedule = new() { WarmupFactor = 0.1 } }));
        Assert.Equal("IncompatibleArguments", IdOf(Options with { Schedule = new() { WarmupEpochs = 0.5 } }));
        Assert.Equal("IncompatibleArguments", IdOf(Options with { Schedule = new() { WarmupEpochs = 3 } }));
        Assert.Equal("IncompatibleArguments", IdOf(Options with { Schedule = Example(ScheduleKind.OneCycle) with { WarmupEpochs = 1 } }));
        Assert.Equal("IncompatibleArguments", IdOf(Options with
        {
            Optimizer = OptimizerKind.SGD,
            Momentum = 0.9,
            Schedule = Example(ScheduleKind.OneCycle),
        }));
        (Options with { Schedule = plateau, Monitor = MonitoredFigure.TestLoss }).Validate();

        static string IdOf(TrainingOptions options) => Assert.Throws<CnnException>(options.Validate).Id;
    }

    public void Dispose() => _fixtures.Dispose();

    private static ScheduleOptions Example(ScheduleKind kind) => new()
    {
        Kind = kind,
        By = kind is ScheduleKind.Cosine or ScheduleKind.Polynomial ? ScheduleUnit.Step : null,
        StepSize = kind == ScheduleKind.Step ? 1 : null,
        Milestones = kind == ScheduleKind.MultiStep ? [1] : null,
        Gamma = kind == ScheduleKind.Exponential ? 0.7 : null,
        Patience = kind == ScheduleKind.Plateau ? 0 : null,
    };

    private static (int, long, double, double, double?, double?) Figures(EpochRecord r) =>
        (r.Epoch, r.Step, r.LearningRate, r.TrainLoss, r.ValidationLoss, r.TestLoss);
}
