using System.Globalization;
using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Training;

namespace CnnTools.Tests;

/// <summary>
/// The formula. Against reality, by how much resident memory at the peak of an epoch grows with the batch, from a batch of
/// 8: SimpleCnn at batch 512 52 MB estimated, 53 measured; at 2048 207 and 257; at 4096 413 and 351.
/// </summary>
public sealed class MemoryEstimateTests
{
    private static readonly IBackend Backend = Fixtures.Backend;

    [JoinedPoolingFact]
    public void A_step_keeps_what_the_backward_pass_reads()
    {
        using CnnModel model = Fixtures.NewModel("SimpleCnn");
        MemoryEstimate estimate = MemoryEstimate.OfTraining(model, DataOf(60_000, 10_000), new() { BatchSize = 512 });

        // The two convolutions, each joined with its pooling and with a byte for each winner, flatten, fc1, relu3, fc2;
        // then the widest layer's gradients, into and out of conv2.
        const double kept = 784 + (1.25 * 32 * 196) + (1.25 * 64 * 49) + (64 * 49) + 64 + 64 + 10;
        const int widest = (32 * 196) + (64 * 49);
        Assert.Equal(4.0 * (kept + widest), estimate.Image);
        Assert.Equal(512, estimate.BatchSize);
        Assert.Equal(70_000.0 * (784 + 8), estimate.Data);
        Assert.Equal(0, estimate.Weights);
        Assert.Equal(4.0 * 220_234, estimate.Gradients);
        Assert.Equal(8.0 * 220_234, estimate.OptimizerState);
        Assert.Equal(estimate.Data + (12.0 * 220_234) + (512 * estimate.Image), estimate.Total);
    }

    [Theory]
    [InlineData(OptimizerKind.SGD, 0, 0)]
    [InlineData(OptimizerKind.SGD, 0.9, 1)]
    [InlineData(OptimizerKind.RMSprop, 0, 1)]
    [InlineData(OptimizerKind.RMSprop, 0.9, 2)]
    [InlineData(OptimizerKind.Adam, 0, 2)]
    [InlineData(OptimizerKind.AdamW, 0, 2)]
    public void State_is_counted_as_the_optimizer_makes_it(OptimizerKind kind, double momentum, int tensors)
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        TrainingOptions options = new() { Optimizer = kind, Momentum = momentum };
        using Optimizer optimizer = Optimizer.Create(Backend, model.Weights, options);

        MemoryEstimate estimate = MemoryEstimate.OfTraining(model, Fixtures.Data, options);

        Assert.Equal(optimizer.State.Sum(s => 4.0 * s.Tensor.Count), estimate.OptimizerState);
        Assert.Equal(tensors, estimate.OptimizerState / estimate.Gradients);
    }

    [Fact]
    public void Small_batches_need_what_their_evaluation_does()
    {
        using CnnModel model = Fixtures.NewModel("SimpleCnn");
        TrainingOptions options = new() { BatchSize = 1 };

        MemoryEstimate large = MemoryEstimate.OfTraining(model, DataOf(60_000, 10_000), options);
        MemoryEstimate small = MemoryEstimate.OfTraining(model, DataOf(60_000, 100), options);

        Assert.Equal(2.56, large.EvaluationBatch / small.EvaluationBatch, 1e-9);
        Assert.True(large.EvaluationBatch > large.Image);
    }

    [Fact]
    public void What_cannot_fit_is_refused_with_the_figure_and_a_batch_that_would_fit()
    {
        using CnnModel model = Fixtures.NewModel("SimpleCnn");
        Dataset endless = DataOf(train: 100_000_000, test: 1);

        CnnException error = Assert.Throws<CnnException>(() => new TrainingLoop(
            model, endless, endless.Normalization, new() { BatchSize = int.MaxValue }, Runs.TrainingFiles.None)
            .Run(CancellationToken.None).First());

        // 10 TB for the batch, and more where poolings are not joined: a machine that has them will have other tests.
        Assert.Equal(("NotEnoughMemory", ErrorKind.OutOfMemory), (error.Id, error.Kind));
        Assert.Matches(@"in batches of 100000000 takes about \d\d,\d{3}", error.Message);
        Assert.Contains("are free", error.Message, StringComparison.Ordinal);
        Assert.Contains("-BatchSize", error.Remedy, StringComparison.Ordinal);
        model.Use("nothing").Dispose(); // it was let go
    }

    [Fact]
    public void The_batch_that_is_offered_fits()
    {
        using CnnModel model = Fixtures.NewModel("SimpleCnn");
        Dataset many = DataOf(train: 10_000_000, test: 1);
        TrainingOptions options = new() { BatchSize = 10_000_000 };
        CnnException error = Assert.Throws<CnnException>(
            () => MemoryEstimate.OfTraining(model, many, options).RequireFit("Training", model, Device.Cpu));

        int offered = int.Parse(
            error.Remedy.Split("-BatchSize, ")[1].Split(' ')[0], CultureInfo.InvariantCulture);

        // A little less, since what is free moves meanwhile.
        MemoryEstimate.OfTraining(model, many, options with { BatchSize = (int)(offered * 0.9) })
            .RequireFit("Training", model, Device.Cpu);
    }

    [Fact]
    public void An_evaluation_that_cannot_fit_is_refused_too()
    {
        using CnnModel model = Fixtures.NewModel("SimpleCnn");
        CnnException error = Assert.Throws<CnnException>(() => Evaluator.Test(
            model, DataOf(1, 100_000_000), EvaluationSplit.Test, Device.Cpu, int.MaxValue, 1, CancellationToken.None));
        Assert.Equal("NotEnoughMemory", error.Id);
    }

    [Fact]
    public void Weights_that_cannot_fit_are_refused_before_they_are_drawn()
    {
        // A hundred layers of 8 GB.
        GraphBuilder network = new(new Shape(46_000));
        for (int i = 0; i < 100; i++)
        {
            network.Then($"fc{i}", new Linear(46_000));
        }

        CnnException error = Assert.Throws<CnnException>(
            () => CnnModel.Create(Backend, "Huge", network.Build(), 0, Device.Cpu));
        Assert.Equal(("WeightsTooLarge", ErrorKind.OutOfMemory), (error.Id, error.Kind));
        Assert.Contains("846.4 GB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_beyond_all_images_is_all_images()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        EpochRecord record = Assert.Single(Fixtures.Train(model, new() { Epochs = 1, BatchSize = int.MaxValue, Threads = 1 }));
        Assert.Equal(1, record.Step);
        Assert.Equal(Fixtures.Data.Test.Count, Evaluator.Test(
            model, Fixtures.Data, EvaluationSplit.Test, Device.Cpu, int.MaxValue, 1, CancellationToken.None).Images);
    }

    /// <summary>Splits of so many images that have labels and no pixels.</summary>
    private static Dataset DataOf(int train, int test) => Fixtures.Data with
    {
        Train = new ImageSet([], new int[train], Fixtures.Data.ImageShape),
        Test = new ImageSet([], new int[test], Fixtures.Data.ImageShape),
    };
}
