using CnnTools.Training;

namespace CnnTools.Bench;

/// <summary>All benchmarks, under the names that the command line takes.</summary>
internal static class Cases
{
    public static IReadOnlyList<BenchCase> All { get; } =
    [
        new TrainingStepCase("step-imageclassification", "training ImageClassification, batch 8, Adam 0.001 (seed 000)")
        {
            Network = "ImageClassification",
            PyTorchWork = "train000",
            Steps = 625,
            RoundsInEpoch = 2,
            Options = new() { BatchSize = 8, Optimizer = OptimizerKind.Adam, LearningRate = 1e-3 },
            Load = (_, count) => BenchData.Colours(count),
        },
        new TrainingStepCase("step-simplecnn", "training SimpleCnn, batch 64, SGD 0.001 momentum 0.9 (seed 001)")
        {
            Network = "SimpleCnn",
            PyTorchWork = "train001",
            Steps = 50,
            RoundsInEpoch = 3,
            Options = new() { BatchSize = 64, Optimizer = OptimizerKind.SGD, LearningRate = 1e-3, Momentum = 0.9 },
            Load = (data, count) => data.Digits(count, testCount: 10),
        },
        new EpochCase("epoch-imageclassification", "a whole epoch of ImageClassification, batch 8, Adam 0.001, by seed 000's script")
        {
            Network = "ImageClassification",
            PyTorchWork = "epoch000",
            Count = 50_000,
            Options = new() { BatchSize = 8, Optimizer = OptimizerKind.Adam, LearningRate = 1e-3 },
            Load = (_, count) => BenchData.Colours(count),
        },
        new EpochCase("epoch-simplecnn", "a whole epoch of SimpleCnn, batch 64, SGD 0.001 momentum 0.9, by seed 001's script")
        {
            Network = "SimpleCnn",
            PyTorchWork = "epoch001",
            Count = 60_000,
            Options = new() { BatchSize = 64, Optimizer = OptimizerKind.SGD, LearningRate = 1e-3, Momentum = 0.9 },
            Load = (data, count) => data.Digits(count, testCount: 10),
        },
        new EvaluationCase("evaluate-mnist", "evaluating SimpleCnn on 10,000 images, PyTorch at batch 64 (seed 001), ours at its own"),
    ];
}
