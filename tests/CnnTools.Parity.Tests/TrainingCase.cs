using CnnTools.Data;
using CnnTools.Training;

namespace CnnTools.Tests;

/// <summary>A training to compare step by step.</summary>
/// <param name="Network">The name in the catalog and in networks.py.</param>
/// <param name="PyTorchOptions">What torch.optim's optimizer gets, so that its defaults are tested too.</param>
/// <param name="LossTolerance">Relative, for each step's loss.</param>
/// <param name="WeightTolerance">
/// For the last weights, as a share of the tensor's largest: rounding that turns one ReLU the other way moves a weight more
/// than it moves a loss.
/// </param>
internal sealed record TrainingCase(
    string Network, TrainingOptions Options, Dictionary<string, object> PyTorchOptions,
    double LossTolerance = 1e-4, double WeightTolerance = 1e-3)
{
    private const int Steps = 50;

    public override string ToString() => $"{Network}, {Options.Optimizer}{(Options.Nesterov ? ", Nesterov" : "")}"
        + $"{(Options.Momentum > 0 ? ", momentum" : "")}{(Options.WeightDecay > 0 ? ", weight decay" : "")}";

    /// <summary>Two epochs with 50 whole batches between them and a short one at the end of each.</summary>
    public Dataset LoadData()
    {
        int count = (Steps / 2 * Options.BatchSize) + (Options.BatchSize / 2);
        return Network == "ImageClassification" ? ParityData.Colours(count, 300) : ParityData.Digits(count, 300);
    }

    public static IReadOnlyList<TrainingCase> All { get; } =
    [
        // The tutorials' own settings: seed 001, then seed 000.
        new("SimpleCnn", New(OptimizerKind.SGD, 64, 0.001) with { Momentum = 0.9 },
            new() { ["lr"] = 0.001, ["momentum"] = 0.9 }),
        new("ImageClassification", New(OptimizerKind.Adam, 8, 1e-3), new() { ["lr"] = 1e-3 }),

        // Every optimizer, with and without what can be added to it.
        new("LeNet5", New(OptimizerKind.SGD, 16, 0.01) with { Momentum = 0.9, Nesterov = true, WeightDecay = 1e-3 },
            new() { ["lr"] = 0.01, ["momentum"] = 0.9, ["nesterov"] = true, ["weight_decay"] = 1e-3 }),
        new("LeNet5", New(OptimizerKind.Adam, 16, 1e-3) with { WeightDecay = 1e-2 },
            new() { ["lr"] = 1e-3, ["weight_decay"] = 1e-2 }),
        new("LeNet5", New(OptimizerKind.AdamW, 16, 1e-3), new() { ["lr"] = 1e-3 }),
        new("LeNet5", New(OptimizerKind.RMSprop, 16, 1e-3), new() { ["lr"] = 1e-3 }),
        new("LeNet5", New(OptimizerKind.RMSprop, 16, 1e-4) with { Momentum = 0.9, WeightDecay = 1e-2 },
            new() { ["lr"] = 1e-4, ["momentum"] = 0.9, ["weight_decay"] = 1e-2 }),
    ];

    private static TrainingOptions New(OptimizerKind optimizer, int batchSize, double learningRate) => new()
    {
        Optimizer = optimizer,
        BatchSize = batchSize,
        LearningRate = learningRate,
        Epochs = 2,
        LogEvery = 1,
        Seed = 7,
        Threads = 1,
    };
}
