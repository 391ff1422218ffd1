using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Runs;
using CnnTools.Training;
using CnnTools.Weights;

namespace CnnTools.Tests;

public sealed class FreezeTests : IDisposable
{
    private readonly Fixtures _fixtures = new();

    private static Graph Graph { get; } = new GraphBuilder(Fixtures.Data.ImageShape)
        .Then("stem.conv", new Conv2d(4, 3) { Padding = 1 })
        .Then("stem.norm", new BatchNorm2d())
        .Then("pool", new MaxPool2d(2))
        .Then("relu", new Activate(Activation.ReLU))
        .Then("conv", new Conv2d(4, 3))
        .Then("norm", new BatchNorm2d())
        .Then("flat", new Flatten())
        .Then("fc", new Linear(Fixtures.Data.Classes))
        .Build();

    public void Dispose() => _fixtures.Dispose();

    [Theory]
    [InlineData(OptimizerKind.SGD)]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.RMSprop)]
    public void Frozen_weights_stay_as_they_are_and_the_others_move(OptimizerKind optimizer)
    {
        using CnnModel model = NewModel("stem");
        Dictionary<string, float[]> before = WeightsOf(model);

        Fixtures.Train(model, new() { Epochs = 1, Optimizer = optimizer, WeightDecay = 0.1 });

        Assert.Equal(6, model.Frozen.Count);
        Assert.All(WeightsOf(model), weight =>
            Assert.Equal(weight.Key.StartsWith("stem", StringComparison.Ordinal), weight.Value.SequenceEqual(before[weight.Key])));
    }

    [Fact]
    public void A_frozen_convolution_that_runs_fused_stays_too()
    {
        using CnnModel model = Fixtures.NewModel("SimpleCnn");
        model.Freeze(Patterns("conv1", "conv2.weight"));
        Dictionary<string, float[]> before = WeightsOf(model);

        Fixtures.Train(model, new() { Epochs = 1, LearningRate = 0.01 });

        Assert.All(WeightsOf(model), weight =>
            Assert.Equal(model.Frozen.Contains(weight.Key), weight.Value.SequenceEqual(before[weight.Key])));
        Assert.Equal(["conv1.bias", "conv1.weight", "conv2.weight"], model.Frozen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_optimizer_keeps_nothing_for_them_and_less_memory_is_asked_for()
    {
        using CnnModel model = NewModel("stem*", "conv");
        using CnnModel trained = CnnModel.Create(Fixtures.Backend, "Small", Graph, 1, Device.Cpu);
        TrainingOptions options = new() { Optimizer = OptimizerKind.Adam };
        using Optimizer optimizer = Optimizer.Create(Fixtures.Backend, model.Weights, options);

        Assert.Equal(["fc.bias", "fc.weight", "norm.bias", "norm.weight"], model.Weights.ParameterNames.Order(StringComparer.Ordinal));
        Assert.Equal(8, optimizer.State.Count());
        Assert.Equal(
            (4 * 9 + 4 + 8 + 4 * 36 + 4) * sizeof(float),
            MemoryEstimate.OfTraining(trained, Fixtures.Data, options).Gradients - MemoryEstimate.OfTraining(model, Fixtures.Data, options).Gradients);
    }

    [Fact]
    public void A_frozen_batch_norm_computes_as_in_evaluation()
    {
        using CnnModel model = NewModel("stem");
        float[] images = [.. Enumerable.Range(0, 2 * 28 * 28).Select(i => MathF.Sin(i))];
        Assert.Equal(Outputs("stem.norm", training: true), Outputs("stem.norm", training: false));
        Assert.NotEqual(Outputs("norm", training: true), Outputs("norm", training: false));

        float[] Outputs(string node, bool training)
        {
            using ITensorScope scope = Fixtures.Backend.BeginScope(recordGradients: false);
            Tensor input = Fixtures.Backend.FromFloats(images, [2, 1, 28, 28], Device.Cpu);
            float[] values = [];
            new GraphExecutor(Fixtures.Backend, Graph, model.Weights).Forward(input, new(training, null), (made, output) =>
            {
                if (made.Name == node)
                {
                    values = new float[output.Count];
                    Fixtures.Backend.Read(output, values);
                }
            });
            return values;
        }
    }

    [Fact]
    public void A_training_that_is_resumed_keeps_them_frozen_and_gives_the_same()
    {
        string path = _fixtures.PathOf("last.safetensors");
        TrainingOptions options = new() { Epochs = 2, Optimizer = OptimizerKind.RMSprop, Momentum = 0.5 };
        using CnnModel whole = NewModel("stem");
        Fixtures.Train(whole, options);

        using (CnnModel first = NewModel("stem"))
        {
            Fixtures.Train(first, options with { Epochs = 1 }, new TrainingFiles(null, null, path));
        }

        TrainingCheckpoint checkpoint = TrainingCheckpoint.Open(Fixtures.Backend, path);
        using CnnModel resumed = checkpoint.Model;
        Assert.Equal(whole.Frozen.Order(StringComparer.Ordinal), resumed.Frozen.Order(StringComparer.Ordinal));
        Fixtures.Train(resumed, options, new TrainingFiles(null, null, path), checkpoint);
        Assert.Equal(Fixtures.WeightsOf(whole), Fixtures.WeightsOf(resumed));
    }

    [Fact]
    public void Patterns_that_mean_nothing_and_those_that_mean_everything_are_errors()
    {
        using CnnModel model = NewModel();
        CnnException nothing = Assert.Throws<CnnException>(() => model.Freeze(Patterns("conv", "stem.norn")));
        Assert.Equal("NothingToFreeze", nothing.Id);
        Assert.Contains("stem.norm", nothing.Remedy, StringComparison.Ordinal);
        Assert.Equal("NothingToTrain", Assert.Throws<CnnException>(() => model.Freeze(Patterns("stem", "*"))).Id);
        Assert.Empty(model.Frozen);
        Assert.Equal(Graph.Weights.Count(w => !w.Spec.IsBuffer), model.Weights.Parameters.Count);
    }

    [Fact]
    public void A_file_that_freezes_what_is_not_there_is_corrupt()
    {
        string path = _fixtures.PathOf("net.safetensors");
        using (CnnModel model = NewModel("fc.bias"))
        {
            ModelFile.Write(model, path);
        }

        byte[] file = File.ReadAllBytes(path);
        int at = file.AsSpan().IndexOf("\\\"frozen\\\":[\\\"fc"u8);
        Assert.True(at > 0);
        file[at + 14] = (byte)'x';
        File.WriteAllBytes(path, file);
        Assert.Equal("CorruptFile", Assert.Throws<CnnException>(() => ModelFile.Read(Fixtures.Backend, path)).Id);
    }

    private static CnnModel NewModel(params string[] frozen)
    {
        CnnModel model = CnnModel.Create(Fixtures.Backend, "Small", Graph, 1, Device.Cpu);
        model.Freeze(Patterns(frozen));
        return model;
    }

    /// <summary>A star at the end stands for anything.</summary>
    private static FreezePattern[] Patterns(params string[] texts) =>
    [
        .. texts.Select(text => new FreezePattern(text, name => text.EndsWith('*')
            ? name.StartsWith(text[..^1], StringComparison.Ordinal)
            : name == text)),
    ];

    private static Dictionary<string, float[]> WeightsOf(CnnModel model) =>
        model.Weights.Read(Fixtures.Backend).ToDictionary(w => w.Name, w => w.Values, StringComparer.Ordinal);
}
