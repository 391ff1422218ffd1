using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Runs;
using CnnTools.Tests.Fuzzing;
using CnnTools.Training;

namespace CnnTools.Tests;

/// <summary>Trainings in other precisions than float32; the CPU has one where its processor has the instructions.</summary>
public sealed class PrecisionTests : IDisposable
{
    private static readonly TrainingOptions Options = new()
    {
        Epochs = 2,
        BatchSize = 20,
        LogEvery = 1,
        Threads = 1,
        LearningRate = 0.01,
        Precision = Precision.BFloat16,
    };

    private readonly Fixtures _fixtures = new();

    private static bool HasBFloat16 => Fixtures.Backend.Supports(Device.Cpu, Precision.BFloat16);

    public void Dispose() => _fixtures.Dispose();

    [Fact]
    public void What_a_device_has_not_is_refused_with_what_it_has()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        CnnException error = Assert.Throws<CnnException>(() => Fixtures.Train(model, Options with { Precision = Precision.TF32 }));
        Assert.Equal("PrecisionAbsent", error.Id);
        Assert.Contains("cpu (", error.Message, StringComparison.Ordinal);
        Assert.Contains("Float32", error.Remedy, StringComparison.Ordinal);
        if (!HasBFloat16)
        {
            Assert.Equal("PrecisionAbsent", Assert.Throws<CnnException>(() => Fixtures.Train(model, Options)).Id);
        }
    }

    [BFloat16Fact]
    public void Bfloat16_learns_as_float32_does_and_goes_on_to_the_bit()
    {
        TrainingOptions options = Options with { Overfit = 3 };
        using CnnModel exact = Fixtures.NewModel("CifarResNet20"), whole = Fixtures.NewModel("CifarResNet20");
        EpochRecord reference = Fixtures.Train(exact, options with { Precision = Precision.Float32 })[0];
        EpochRecord[] expected = Fixtures.Train(whole, options);
        Assert.Equal(("float32", "bfloat16"), (reference.Precision, expected[0].Precision));
        Assert.NotEqual(reference.TrainLoss, expected[0].TrainLoss);
        Assert.Equal(reference.TrainLoss, expected[0].TrainLoss, 0.1 * reference.TrainLoss);

        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf("bfloat16.safetensors"));
        using CnnModel first = Fixtures.NewModel("CifarResNet20");
        _ = new TrainingLoop(first, Fixtures.Data, Fixtures.Data.Normalization, options, files)
            .Run(default).First(r => r is StepRecord { Epoch: 2, Batch: 2 });
        TrainingCheckpoint checkpoint = TrainingCheckpoint.Open(Fixtures.Backend, files.CheckpointPath!);
        Assert.Equal(Precision.BFloat16, checkpoint.Options.Precision);
        Fixtures.Train(checkpoint.Model, checkpoint.Options, files, checkpoint);
        Assert.Equal(Fixtures.WeightsOf(whole), Fixtures.WeightsOf(checkpoint.Model));
        checkpoint.Model.Dispose();
    }

    [BFloat16Fact]
    public void Every_layer_takes_bfloat16()
    {
        IBackend backend = Fixtures.Backend;
        Graph graph = AllLayers.Graph;
        using ModelWeights weights = ModelWeights.Initialize(backend, graph, seed: 1, Device.Cpu);
        using IGenerator dropout = backend.CreateGenerator(Device.Cpu, seed: 2);
        using ITensorScope scope = backend.BeginScope(recordGradients: true);
        Tensor images = backend.FromFloats([.. Enumerable.Range(0, 4 * 128).Select(i => MathF.Sin(i))], [4, 2, 8, 8], Device.Cpu);
        Outputs outputs = new GraphExecutor(backend, graph, weights, mixed: true).ForwardAll(images, new(Training: true, dropout));
        backend.Backward(backend.CrossEntropy(outputs.Main, backend.FromIndices([0, 1, 2, 0], Device.Cpu)));
        Assert.Equal(
            (ElementType.Float32, ElementType.Float32), (outputs.Main.ElementType, outputs.Auxiliary[0].ElementType));
        Assert.Equal(ElementType.Float32, backend.GetGradient(weights["conv.weight"])!.ElementType);
    }

    public static TheoryData<string> Layers => [.. Enum.GetNames<Activation>(), .. Enum.GetNames<PaddingMode>(), "AdaptiveMaxPool2d", "AvgPool2d"];

    [BFloat16Theory]
    [MemberData(nameof(Layers))]
    public void Every_kind_of_it_takes_bfloat16(string layer)
    {
        IBackend backend = Fixtures.Backend;
        using ITensorScope scope = backend.BeginScope(recordGradients: true);
        Tensor images = backend.FromFloats([.. Enumerable.Range(0, 32).Select(i => i / 8f)], [2, 1, 4, 4], Device.Cpu);
        Tensor kernel = backend.FromFloats([1, -2, 3], [3, 1, 1, 1], Device.Cpu);
        backend.RequireGradient(kernel, required: true);
        using (backend.BeginMixedPrecision(Device.Cpu))
        {
            Tensor features = backend.Conv2d(images, kernel, null, new(1, 0, 1, 1));
            Tensor output = layer switch
            {
                "AdaptiveMaxPool2d" => backend.AdaptiveMaxPool2d(features, 2),
                "AvgPool2d" => backend.AvgPool2d(features, new(2, 2, 1), countPadding: false),
                _ when Enum.TryParse(layer, out PaddingMode padding) => backend.Pad2d(features, 1, padding, 0.5f),
                _ => backend.Activate(features, Enum.Parse<Activation>(layer)),
            };
            Tensor means = backend.Flatten(backend.AdaptiveAvgPool2d(output, 1));
            backend.Backward(backend.CrossEntropy(backend.ToFloat(means), backend.FromIndices([0, 1], Device.Cpu)));
        }

        Assert.Equal(3, backend.GetGradient(kernel)!.Count);
    }

    [Fact]
    public void On_the_CPU_deterministic_is_recorded_and_changes_nothing()
    {
        TrainingFiles files = new(CheckpointPath: _fixtures.PathOf("deterministic.safetensors"));
        TrainingOptions options = Options with { Precision = Precision.Float32 };
        using CnnModel plain = Fixtures.NewModel("LeNet5"), model = Fixtures.NewModel("LeNet5");
        Fixtures.Train(plain, options);
        Fixtures.Train(model, options with { Deterministic = true }, files);
        TrainingCheckpoint checkpoint = TrainingCheckpoint.Open(Fixtures.Backend, files.CheckpointPath!);

        Assert.True(checkpoint.Options.Deterministic);
        Assert.Equal(Fixtures.WeightsOf(plain), Fixtures.WeightsOf(model));
        checkpoint.Model.Dispose();
    }

    [Fact]
    public void What_holds_for_the_process_is_agreed_on_and_set_back_by_the_last()
    {
        IBackend backend = Fixtures.Backend;
        NumericMode mode = new(AllowTF32: true, Deterministic: true);
        using (Numerics.Use(backend, mode))
        {
            using (Numerics.Use(backend, mode))
            {
                Assert.Equal("NumericModeInUse", Assert.Throws<CnnException>(() => Numerics.Use(backend, default(NumericMode))).Id);
            }

            Assert.Equal(mode, backend.NumericMode);
        }

        Assert.Equal(default, backend.NumericMode);
        Numerics.Use(backend, new NumericMode(AllowTF32: false, Deterministic: true)).Dispose();
    }
}
