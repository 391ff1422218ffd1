using CnnTools.Training;

namespace CnnTools.Bench;

/// <summary>All benchmarks, under the names that the command line takes.</summary>
internal static class Cases
{
    private static readonly TrainingStepCase ImageClassification =
        new("step-imageclassification", "training ImageClassification, batch 8, Adam 0.001 (seed 000)")
        {
            Network = "ImageClassification",
            PyTorchWork = "train000",
            Steps = 625,
            RoundsInEpoch = 2,
            Options = new() { BatchSize = 8, Optimizer = OptimizerKind.Adam, LearningRate = 1e-3 },
            Load = (_, count) => BenchData.Colours(count),
        };

    private static readonly TrainingStepCase SimpleCnn =
        new("step-simplecnn", "training SimpleCnn, batch 64, SGD 0.001 momentum 0.9 (seed 001)")
        {
            Network = "SimpleCnn",
            PyTorchWork = "train001",
            Steps = 50,
            RoundsInEpoch = 3,
            Options = new() { BatchSize = 64, Optimizer = OptimizerKind.SGD, LearningRate = 1e-3, Momentum = 0.9 },
            Load = (data, count) => data.Digits(count, testCount: 10),
        };

    private static readonly TrainingStepCase ResNet18 =
        Residual("ResNet18", 32) with
        {
            Name = "step-resnet18",
            Description = "training ResNet18 on images of 32x32 (3x3 stem), batch 32, SGD 0.001 momentum 0.9",
            PyTorchWork = "train001",
            Steps = 2,
        };

    private static TrainingStepCase Residual(string network, int batchSize) => ImageClassification with
    {
        Network = network,
        Steps = 4,
        Options = new() { BatchSize = batchSize, Optimizer = OptimizerKind.SGD, LearningRate = 1e-3, Momentum = 0.9 },
    };

    /// <summary>What the backends are compared by, in rounds of a few seconds.</summary>
    public static IReadOnlyList<TrainingStepCase> Backends { get; } =
    [
        ImageClassification with { Steps = 1250, RoundsInEpoch = 1 },
        SimpleCnn with { Steps = 150, RoundsInEpoch = 1 },
        ResNet18,
    ];

    public static IReadOnlyList<BenchCase> All { get; } =
    [
        ImageClassification,
        SimpleCnn,
        ResNet18,
        new EpochCase("epoch-imageclassification", "a whole epoch of ImageClassification, batch 8, Adam 0.001, by seed 000's script")
        {
            Network = "ImageClassification",
            PyTorchWork = "epoch000",
            Count = 50_000,
            Options = ImageClassification.Options,
            Load = ImageClassification.Load,
        },
        new EpochCase("epoch-simplecnn", "a whole epoch of SimpleCnn, batch 64, SGD 0.001 momentum 0.9, by seed 001's script")
        {
            Network = "SimpleCnn",
            PyTorchWork = "epoch001",
            Count = 60_000,
            Options = SimpleCnn.Options,
            Load = SimpleCnn.Load,
        },
        new EvaluationCase("evaluate-mnist", "evaluating SimpleCnn on 10,000 images, PyTorch at batch 64 (seed 001), ours at its own"),
        new AugmentationCase("RandomCrop 4", "crop"),
        new AugmentationCase("HorizontalFlip", "flip"),
        new AugmentationCase("RandomResizedCrop", "resizedcrop"),
        new AugmentationCase("Rotation 15", "rotation"),
        new AugmentationCase("ColorJitter 0.4 0.4 0.4 0.1", "jitter"),
        new AugmentationCase("RandAugment 2 9", "randaugment"),
        new AugmentationCase("RandomErasing 0.5", "erasing"),
        new ThreadsCase("threads-simplecnn", "training SimpleCnn, batch 64, on all cores", SimpleCnn),
        new ThreadsCase("threads-simplecnn-256", "training SimpleCnn, batch 256, on all cores",
            SimpleCnn with { Steps = 15, Options = SimpleCnn.Options with { BatchSize = 256 } }),
        new ThreadsCase("threads-simplecnn-2048", "training SimpleCnn, batch 2048, on all cores",
            SimpleCnn with { Steps = 2, Options = SimpleCnn.Options with { BatchSize = 2048 } }),
        new ThreadsCase("threads-imageclassification", "training ImageClassification, batch 8, on all cores", ImageClassification),
        new PrecisionCase("precision-imageclassification", "training ImageClassification, batch 8, in bfloat16", ImageClassification),
        new PrecisionCase("precision-simplecnn", "training SimpleCnn, batch 64, in bfloat16", SimpleCnn),
        new PrecisionCase("precision-cifarresnet20", "training CifarResNet20, batch 64, in bfloat16", Residual("CifarResNet20", 64)),
        new PrecisionCase("precision-resnet18", "training ResNet18 on images of 32x32, batch 16, in bfloat16", Residual("ResNet18", 16)),
    ];
}
