using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Runs;
using CnnTools.Training;

namespace CnnTools.Tests;

/// <summary>What keeps weights and gradients in bounds; TrainingParityTests hold most of it against PyTorch.</summary>
public sealed class RegularisationTests : IDisposable
{
    private readonly Fixtures _fixtures = new();

    private static TrainingOptions Options => new()
    {
        Epochs = 2,
        BatchSize = 40,
        Threads = 1,
        Optimizer = OptimizerKind.SGD,
        LearningRate = 0.05,
    };

    [Fact]
    public void Weight_decay_can_spare_all_that_has_one_dimension()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        Dictionary<string, float[]> before = ValuesOf(model);

        // Gradients are clipped to nothing: what moves is what decays.
        Fixtures.Train(model, Options with
        {
            Epochs = 1,
            BatchSize = 200,
            ClipGradientValue = 1e-20,
            WeightDecay = 10,
            DecayWeightsOnly = true,
        });

        foreach ((string name, float[] values) in ValuesOf(model))
        {
            float kept = name.EndsWith("bias", StringComparison.Ordinal) ? 1 : 0.5f;
            Assert.Equal(before[name].Select(value => value * kept), values, (a, b) => Math.Abs(a - b) < 1e-6);
        }
    }

    [Fact]
    public void Small_batches_that_add_up_are_one_large_batch()
    {
        using CnnModel large = Fixtures.NewModel("LeNet5");
        using CnnModel small = Fixtures.NewModel("LeNet5");

        // 200 images: the last step of an epoch is shorter, and so is its last batch.
        EpochRecord[] expected = Fixtures.Train(large, Options with { BatchSize = 48 });
        EpochRecord[] actual = Fixtures.Train(small, Options with { BatchSize = 12, AccumulateBatches = 4 });

        Assert.Equal(expected.Select(r => r.Step), actual.Select(r => r.Step));
        Assert.Equal(expected[1].TrainLoss, actual[1].TrainLoss, 1e-5);
        Assert.Equal(Fixtures.WeightsOf(large), Fixtures.WeightsOf(small), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Averaged_weights_are_what_is_tested_saved_and_left()
    {
        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf("average.safetensors"));
        using CnnModel model = Fixtures.NewModel("LeNet5");
        EpochRecord last = Fixtures.Train(model, Options with { EmaDecay = 0.9 }, files)[^1];
        using CnnModel plain = Fixtures.NewModel("LeNet5");
        Fixtures.Train(plain, Options);
        using CnnModel saved = Weights.ModelFile.Read(Fixtures.Backend, files.CheckpointPath!);

        Assert.NotEqual(Fixtures.WeightsOf(plain), Fixtures.WeightsOf(model));
        Assert.Equal(Fixtures.WeightsOf(model), Fixtures.WeightsOf(saved));
        Evaluation evaluation = Evaluator.Test(saved, Fixtures.Data, EvaluationSplit.Test, Device.Cpu, 256, threads: 1, default);
        Assert.Equal(last.TestLoss, evaluation.Loss);
    }

    [Fact]
    public void A_training_with_all_of_it_goes_on_bit_for_bit()
    {
        TrainingOptions options = Options with
        {
            BatchSize = 10,
            AccumulateBatches = 2,
            LogEvery = 1,
            WeightDecay = 1e-3,
            DecayWeightsOnly = true,
            ClipGradientNorm = 0.5,
            EmaDecay = 0.9,
            StochasticDepth = 0.5,
            Mixup = 0.4,
            CutMix = 1,
        };
        using CnnModel whole = Fixtures.NewModel("CifarResNet20");
        EpochRecord[] expected = Fixtures.Train(whole, options);

        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf("all.safetensors"));
        using CnnModel first = Fixtures.NewModel("CifarResNet20");
        _ = new TrainingLoop(first, Fixtures.Data, Fixtures.Data.Normalization, options, files)
            .Run(default).First(r => r is StepRecord { Epoch: 2, Batch: 3 });
        TrainingCheckpoint checkpoint = TrainingCheckpoint.Open(Fixtures.Backend, files.CheckpointPath!);
        EpochRecord[] rest = Fixtures.Train(checkpoint.Model, checkpoint.Options, files, checkpoint);

        Assert.Equal((expected[1].TrainLoss, expected[1].TestLoss), (rest[0].TrainLoss, rest[0].TestLoss));
        Assert.Equal(Fixtures.WeightsOf(whole), Fixtures.WeightsOf(checkpoint.Model));
        checkpoint.Model.Dispose();
    }

    [Fact]
    public void Stochastic_depth_stands_at_the_end_of_each_residual_branch_and_rises_to_its_last()
    {
        using CnnModel model = Fixtures.NewModel("ResNet18");
        Graph graph = ResidualBranches.WithStochasticDepth(model.Graph, "ResNet18", 0.4, uniform: false);
        Node[] dropped = [.. graph.Nodes.Where(n => n.Layer is StochasticDepth)];

        Assert.Equal(Enumerable.Range(1, 8).Select(l => 0.4 * l / 8), dropped.Select(n => ((StochasticDepth)n.Layer).Probability));
        Assert.All(dropped, n => Assert.EndsWith("bn2", n.Inputs[0], StringComparison.Ordinal));
        Assert.All(ResidualBranches.WithStochasticDepth(model.Graph, "ResNet18", 0.4, uniform: true).Nodes
            .Select(n => n.Layer).OfType<StochasticDepth>(), layer => Assert.Equal(0.4, layer.Probability));
    }

    [Fact]
    public void Stochastic_depth_drops_whole_images_and_scales_the_others()
    {
        IBackend backend = Fixtures.Backend;
        Graph graph = new(new Shape(2, 2, 2), [new Node("drop", new StochasticDepth(0.25), [Graph.InputName])]);
        using ModelWeights none = ModelWeights.Initialize(backend, graph, seed: 0, Device.Cpu);
        using IGenerator generator = backend.CreateGenerator(Device.Cpu, seed: 3);
        using ITensorScope scope = backend.BeginScope(recordGradients: false);
        const int Images = 1000;
        Tensor ones = backend.FromFloats([.. Enumerable.Repeat(1f, Images * 8)], [Images, 2, 2, 2], Device.Cpu);
        float[] values = new float[Images * 8];
        backend.Read(new GraphExecutor(backend, graph, none).Forward(ones, new PassMode(Training: true, generator)), values);

        float[][] images = [.. values.Chunk(8)];
        Assert.All(images, image => Assert.All(image, value => Assert.Equal(image[0], value)));
        Assert.All(images, image => Assert.Contains(image[0], new[] { 0, 1 / 0.75f }));
        Assert.InRange(images.Count(image => image[0] == 0), 200, 300);
    }

    [Fact]
    public void The_same_few_batches_again_and_again()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        EpochRecord[] records = Fixtures.Train(model, Options with { BatchSize = 20, Overfit = 2, Epochs = 40, LearningRate = 0.1, TestEvery = 0 });

        Assert.Equal(80, records[^1].Step);
        Assert.Equal(1, records[^1].TrainAccuracy);
    }

    [Fact]
    public void Steps_are_limited_and_the_epoch_is_closed_there()
    {
        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf("limited.safetensors"));
        using CnnModel whole = Fixtures.NewModel("LeNet5");
        Fixtures.Train(whole, Options);
        using CnnModel model = Fixtures.NewModel("LeNet5");
        EpochRecord[] records = Fixtures.Train(model, Options with { MaxSteps = 7 }, files);
        TrainingCheckpoint checkpoint = TrainingCheckpoint.Open(Fixtures.Backend, files.CheckpointPath!);
        EpochRecord[] none = Fixtures.Train(checkpoint.Model, checkpoint.Options, files, checkpoint);
        EpochRecord[] rest = Fixtures.Train(checkpoint.Model, checkpoint.Options with { MaxSteps = null }, files, checkpoint);

        Assert.Equal([5L, 7], records.Select(r => r.Step));
        Assert.Empty(none);
        Assert.Equal([10L], rest.Select(r => r.Step));
        Assert.Equal(Fixtures.WeightsOf(whole), Fixtures.WeightsOf(checkpoint.Model));
        checkpoint.Model.Dispose();
    }

    [Fact]
    public void Minutes_are_limited()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        EpochRecord record = Assert.Single(Fixtures.Train(model, Options with { MaxMinutes = 1e-9 }));
        Assert.Equal(1, record.Step);
    }

    [Fact]
    public void Balanced_classes_count_in_inverse_proportion_to_their_images()
    {
        Data.ImageSet images = Fixtures.Data.Train.Select([0, 10, 20, 1]);
        float[] weights = ClassWeights.Of(Options with { BalancedClasses = true }, images, classes: 3)!;

        Assert.Equal([4 / 9f, 4 / 3f, 0], weights);
        Assert.Equal("InvalidArgument", Assert.Throws<CnnException>(
            () => ClassWeights.Of(Options with { ClassWeights = [1, 2] }, images, classes: 3)).Id);
    }

    [Fact]
    public void Shares_of_mixtures_are_beta_distributed()
    {
        Mixing mixing = new(Fixtures.Backend, Options with { Mixup = 0.5 }, new RandomStream(1, "test"));
        double[] shares = [.. Enumerable.Range(0, 4000).Select(_ => mixing.Draw(2, new Shape(1, 4, 4)).Share)];

        // Mean 1/2, variance 1 / (4 (2 alpha + 1)).
        Assert.Equal(0.5, shares.Average(), 0.03);
        Assert.Equal(0.125, shares.Average(share => (share - 0.5) * (share - 0.5)), 0.01);
        Assert.All(shares, share => Assert.InRange(share, 0, 1));
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        Assert.Equal("NoResidualBranches", IdOf(Options with { StochasticDepth = 0.1 }));
        Assert.Equal("IncompatibleArguments", IdOf(Options with { UniformStochasticDepth = true }));
        Assert.Equal("IncompatibleArguments", IdOf(Options with { DecayWeightsOnly = true }));
        Assert.Equal("IncompatibleArguments", IdOf(Options with { ClipGradientNorm = 1, ClipGradientValue = 1 }));
        Assert.Equal("IncompatibleArguments", IdOf(Options with { Mixup = 1, BalancedClasses = true }));
        Assert.Equal("InvalidArgument", IdOf(Options with { Mixup = -1 }));
        Assert.Equal("InvalidArgument", IdOf(Options with { ClassWeights = [1, 2] }));
        Assert.Equal("InvalidArgument", IdOf(Options with { ClipGradientNorm = 0 }));
        Assert.Equal("InvalidArgument", IdOf(Options with { EmaDecay = 1 }));
        Assert.Equal("InvalidArgument", IdOf(Options with { AccumulateBatches = 0 }));

        string IdOf(TrainingOptions options) => Assert.Throws<CnnException>(() => Fixtures.Train(model, options)).Id;
    }

    public void Dispose() => _fixtures.Dispose();

    private static Dictionary<string, float[]> ValuesOf(CnnModel model) =>
        model.Weights.Read(Fixtures.Backend).ToDictionary(w => w.Name, w => w.Values, StringComparer.Ordinal);
}
