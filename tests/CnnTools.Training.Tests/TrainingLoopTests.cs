using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Runs;
using CnnTools.Training;
using CnnTools.Weights;

namespace CnnTools.Tests;

public sealed class TrainingLoopTests : IDisposable
{
    private readonly Fixtures _fixtures = new();

    private static TrainingOptions Options => new() { Epochs = 2, BatchSize = 16, Threads = 1 };

    public static TheoryData<OptimizerKind> Optimizers => [.. Enum.GetValues<OptimizerKind>()];

    [Fact]
    public void It_learns()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");

        EpochRecord[] records = Fixtures.Train(model, Options with { Epochs = 4 });

        Assert.True(records[^1].TestAccuracy > 0.95, $"test accuracy {records[^1].TestAccuracy}");
        Assert.True(records[^1].TrainLoss < records[0].TrainLoss);
        Assert.Equal([13L, 26, 39, 52], records.Select(r => r.Step));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits()
    {
        float[][] weights = [.. new ulong[] { 3, 3, 4 }.Select(seed =>
        {
            using CnnModel model = Fixtures.NewModel("ImageClassificationOptimised", seed);
            Fixtures.Train(model, Options with { Epochs = 1, Seed = seed });
            return Fixtures.WeightsOf(model);
        })];

        Assert.Equal(weights[0], weights[1]);
        Assert.NotEqual(weights[0], weights[2]);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_training_stopped_within_an_epoch_goes_on_bit_for_bit(OptimizerKind optimizer)
    {
        TrainingOptions options = Options with
        {
            Epochs = 3,
            Optimizer = optimizer,
            LearningRate = 1e-3,
            Momentum = optimizer is OptimizerKind.SGD or OptimizerKind.RMSprop ? 0.9 : 0,
            LogEvery = 5,
            ValidationSplit = 0.2,
        };
        using CnnModel whole = Fixtures.NewModel("ImageClassification");
        EpochRecord[] expected = Fixtures.Train(whole, options);

        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf("stopped.safetensors"));
        using CnnModel first = Fixtures.NewModel("ImageClassification");
        List<ITrainingRecord> records = [];
        foreach (ITrainingRecord record in new TrainingLoop(first, Fixtures.Data, Fixtures.Data.Normalization, options, files)
            .Run(CancellationToken.None))
        {
            records.Add(record);
            if (record is StepRecord { Epoch: 2, Batch: 5 })
            {
                break;
            }
        }

        TrainingCheckpoint checkpoint = TrainingCheckpoint.Open(Fixtures.Backend, files.CheckpointPath!);
        EpochRecord[] rest = Fixtures.Train(checkpoint.Model, checkpoint.Options, files, checkpoint);

        Assert.Equal(expected.Select(Figures), records.OfType<EpochRecord>().Concat(rest).Select(Figures));
        Assert.Equal(Fixtures.WeightsOf(whole), Fixtures.WeightsOf(checkpoint.Model));
        checkpoint.Model.Dispose();
    }

    [Fact]
    public void The_dropout_generator_goes_on_too()
    {
        TrainingOptions options = Options with { LogEvery = 1 };
        using CnnModel whole = Fixtures.NewModel("ImageClassificationOptimised");
        EpochRecord[] expected = Fixtures.Train(whole, options);

        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf("dropout.safetensors"));
        using CnnModel first = Fixtures.NewModel("ImageClassificationOptimised");
        _ = new TrainingLoop(first, Fixtures.Data, Fixtures.Data.Normalization, options, files)
            .Run(CancellationToken.None).ElementAt(2);
        TrainingCheckpoint checkpoint = TrainingCheckpoint.Open(Fixtures.Backend, files.CheckpointPath!);
        EpochRecord[] rest = Fixtures.Train(checkpoint.Model, checkpoint.Options, files, checkpoint);

        Assert.Equal(expected.Select(Figures), rest.Select(Figures));
        checkpoint.Model.Dispose();
    }

    [Fact]
    public void A_token_stops_after_the_step_and_the_checkpoint_stands_there()
    {
        using CancellationTokenSource stop = new();
        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf("cancelled.safetensors"));
        using CnnModel model = Fixtures.NewModel("LeNet5");
        int steps = 0;
        TrainingLoop loop = new(model, Fixtures.Data, Fixtures.Data.Normalization, Options, files, onStep: _ =>
        {
            if (++steps == 4)
            {
                stop.Cancel();
            }
        });

        Assert.Empty(loop.Run(stop.Token));
        Assert.Equal(4, steps);
        using CnnModel saved = ModelFile.Read(Fixtures.Backend, files.CheckpointPath!);
        Assert.Equal(Fixtures.WeightsOf(model), Fixtures.WeightsOf(saved));
    }

    [Fact]
    public void A_loss_that_is_no_number_leaves_the_last_good_checkpoint()
    {
        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf("nan.safetensors"));
        using CnnModel model = Fixtures.NewModel("SimpleCnn");
        Fixtures.Train(model, Options with { Epochs = 1 }, files);
        byte[] good = File.ReadAllBytes(files.CheckpointPath!);
        TrainingCheckpoint checkpoint = TrainingCheckpoint.Open(Fixtures.Backend, files.CheckpointPath!);

        CnnException error = Assert.Throws<CnnException>(() => Fixtures.Train(
            checkpoint.Model, checkpoint.Options with { Epochs = 3, LearningRate = 1e30 }, files, checkpoint));

        Assert.Equal("LossNotFinite", error.Id);
        Assert.Contains(files.CheckpointPath!, error.Remedy, StringComparison.Ordinal);
        Assert.Equal(good, File.ReadAllBytes(files.CheckpointPath!));
        checkpoint.Model.Dispose();
    }

    [Fact]
    public void Ruined_weights_are_never_saved()
    {
        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf("ruined.safetensors"));
        using CnnModel model = Fixtures.NewModel("SimpleCnn");

        // One step an epoch: its loss is good, the weights after it are not.
        Assert.Throws<CnnException>(() => Fixtures.Train(
            model, Options with { Optimizer = OptimizerKind.SGD, LearningRate = 1e300, BatchSize = 200, TestEvery = 0 }, files));

        Assert.False(File.Exists(files.CheckpointPath));
    }

    [Fact]
    public void Two_trainings_cannot_write_one_checkpoint_and_a_log_is_no_checkpoint()
    {
        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf("one.safetensors")) { ReplaceCheckpoint = true };
        using CnnModel model = Fixtures.NewModel("LeNet5");
        using CnnModel other = Fixtures.NewModel("LeNet5");
        using IEnumerator<ITrainingRecord> running =
            new TrainingLoop(model, Fixtures.Data, Fixtures.Data.Normalization, Options, files)
                .Run(CancellationToken.None).GetEnumerator();
        Assert.True(running.MoveNext());

        Assert.Equal("FileInUse", Assert.Throws<CnnException>(() => Fixtures.Train(other, Options, files)).Id);
        Assert.Equal("SamePath", Assert.Throws<CnnException>(() => Fixtures.Train(
            other, Options, new(CsvPath: _fixtures.PathOf("x"), CheckpointPath: _fixtures.PathOf("x")))).Id);
    }

    [Fact]
    public void Other_data_are_not_trained_on_when_it_goes_on()
    {
        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf("data.safetensors"));
        using CnnModel model = Fixtures.NewModel("LeNet5");
        Fixtures.Train(model, Options with { Epochs = 1 }, files);
        TrainingCheckpoint checkpoint = TrainingCheckpoint.Open(Fixtures.Backend, files.CheckpointPath!);
        Data.Dataset fewer = Fixtures.Data with { Train = Fixtures.Data.Train.Select([.. Enumerable.Range(0, 100)]) };

        CnnException error = Assert.Throws<CnnException>(() => new TrainingLoop(
            checkpoint.Model, fewer, fewer.Normalization, checkpoint.Options with { Epochs = 2 }, files, checkpoint)
                .Run(CancellationToken.None).Count());

        Assert.Equal("DatasetDiffers", error.Id);
        checkpoint.Model.Dispose();
    }

    [Fact]
    public void Going_on_leaves_the_rows_of_an_earlier_run_of_the_same_name()
    {
        TrainingFiles files = new(_fixtures.PathOf("twice.csv"), CheckpointPath: _fixtures.PathOf("twice.safetensors"))
        {
            LogMode = CsvLogMode.Append,
            ReplaceCheckpoint = true,
        };
        foreach (int epochs in new[] { 3, 1 })
        {
            using CnnModel model = Fixtures.NewModel("LeNet5");
            Fixtures.Train(model, Options with { Epochs = epochs }, files);
        }

        TrainingCheckpoint checkpoint = TrainingCheckpoint.Open(Fixtures.Backend, files.CheckpointPath!);
        Fixtures.Train(checkpoint.Model, checkpoint.Options with { Epochs = 2 }, files, checkpoint);

        Assert.Equal(["1", "2", "3", "1", "2"], CsvTable.Read(files.CsvPath!).Column("Epoch"));
        checkpoint.Model.Dispose();
    }

    [Fact]
    public void All_that_a_training_made_is_freed()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        Fixtures.Train(model, Options with { Epochs = 1 });
        long before = Fixtures.CountLiveHandles();

        Fixtures.Train(model, Options with { Epochs = 2, ValidationSplit = 0.1 });

        Assert.Equal(before, Fixtures.Backend.LiveHandles);
    }

    [Fact]
    public void A_model_in_use_refuses_a_second_training()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        using IEnumerator<ITrainingRecord> running =
            new TrainingLoop(model, Fixtures.Data, Fixtures.Data.Normalization, Options, TrainingFiles.None)
                .Run(CancellationToken.None).GetEnumerator();
        Assert.True(running.MoveNext());

        Assert.Equal("ModelBusy", Assert.Throws<CnnException>(() => Fixtures.Train(model, Options)).Id);
        using CnnModel other = Fixtures.NewModel("LeNet5");
        Assert.Equal("ThreadsInUse", Assert.Throws<CnnException>(
            () => Fixtures.Train(other, Options with { Threads = 2 })).Id);
        Assert.Equal(2, Fixtures.Train(other, Options).Length);
    }

    [Fact]
    public void Logs_hold_what_the_records_say()
    {
        TrainingFiles files = new(_fixtures.PathOf("log.csv"), _fixtures.PathOf("log.steps.csv"));
        using CnnModel model = Fixtures.NewModel("LeNet5");

        EpochRecord[] records = Fixtures.Train(model, Options with { LogEvery = 6 }, files);

        string[] rows = File.ReadAllLines(files.CsvPath!);
        Assert.Equal(string.Join(',', EpochRecord.Columns), rows[0]);
        Assert.Equal(3, rows.Length);
        Assert.Contains(records[1].TrainLoss.ToString("R", System.Globalization.CultureInfo.InvariantCulture), rows[2], StringComparison.Ordinal);
        Assert.Equal(1 + (2 * 2), File.ReadAllLines(files.StepCsvPath!).Length);
    }

    [Theory]
    [InlineData(nameof(EpochRecord))]
    [InlineData(nameof(StepRecord))]
    public void Columns_are_the_properties_in_their_order(string record)
    {
        Type type = record == nameof(EpochRecord) ? typeof(EpochRecord) : typeof(StepRecord);
        IReadOnlyList<string> columns = record == nameof(EpochRecord) ? EpochRecord.Columns : StepRecord.Columns;

        Assert.Equal(
            type.GetProperties().Where(p => !p.GetMethod!.IsStatic).Select(p => p.Name), columns);
    }

    public void Dispose() => _fixtures.Dispose();

    [Theory]
    [InlineData(199, 200)] // 200 images: the second batch is of one
    [InlineData(1, 200)]
    public void A_batch_norm_that_would_see_a_single_value_is_an_error_before_any_work(int batchSize, int images)
    {
        Graph graph = new GraphBuilder(new Shape(1, 28, 28))
            .Then("pool", new AdaptiveAvgPool2d(1)).Then("bn", new BatchNorm2d()).Then("flatten", new Flatten()).Then("fc", new Linear(10))
            .Build();
        using CnnModel model = CnnModel.Create(Fixtures.Backend, new("single", graph), seed: 0);
        CnnException error = Assert.Throws<CnnException>(() => Fixtures.Train(model, Options with { BatchSize = batchSize }));

        Assert.Equal("BatchOfOne", error.Id);
        Assert.Contains($"{images} images", error.Message, StringComparison.Ordinal);
        Assert.Contains("'bn'", error.Message, StringComparison.Ordinal);
        Assert.Single(Fixtures.Train(model, Options with { BatchSize = 198, Epochs = 1 }));
    }

    private static (int, long, double, double, double?, double?, double?) Figures(EpochRecord r) =>
        (r.Epoch, r.Step, r.TrainLoss, r.TrainAccuracy, r.ValidationLoss, r.TestLoss, r.TestAccuracy);
}
