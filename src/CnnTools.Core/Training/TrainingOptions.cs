using System.Collections.Immutable;
using CnnTools.Augmentation;
using CnnTools.Backends;

namespace CnnTools.Training;

public enum OptimizerKind
{
    SGD,
    Adam,
    AdamW,
    RMSprop,
}

/// <summary>
/// Everything that decides a training's result besides the network and the data: plain values, saved in checkpoints.
/// </summary>
public sealed record TrainingOptions
{
    /// <summary>The label of this training in records and logs.</summary>
    public string Run { get; init; } = "run";

    public int Epochs { get; init; } = 5;

    public int BatchSize { get; init; } = 64;

    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    /// <summary>The step size; null is the optimizer's usual one (SGD and RMSprop 0.01, Adam and AdamW 0.001).</summary>
    public double? LearningRate { get; init; }

    /// <summary>For SGD and RMSprop.</summary>
    public double Momentum { get; init; }

    public bool Nesterov { get; init; }

    /// <summary>L2 penalty (AdamW: decoupled decay); null is the optimizer's usual one (AdamW 0.01, others 0).</summary>
    public double? WeightDecay { get; init; }

    /// <summary>
    /// The share of each label that goes to all classes alike, in training only (Szegedy et al. 2015), as PyTorch has it.
    /// </summary>
    public double LabelSmoothing { get; init; }

    /// <summary>What is done to the training images at random, each as <see cref="AugmentationCatalog.Parse"/> reads it.</summary>
    public ImmutableArray<string> Augmentation { get; init; } = [];

    /// <summary>The share of the training split that is held out for validation; 0 for none.</summary>
    public double ValidationSplit { get; init; }

    /// <summary>Evaluate on the test split after every so many epochs; 0 is never.</summary>
    public int TestEvery { get; init; } = 1;

    /// <summary>A step record every so many batches; 0 is none.</summary>
    public int LogEvery { get; init; }

    public ulong Seed { get; init; }

    public Device Device { get; init; } = Device.Cpu;

    /// <summary>CPU threads for one operation; null is the rule of <see cref="ThreadCount"/>.</summary>
    public int? Threads { get; init; }

    public double EffectiveLearningRate =>
        LearningRate ?? (Optimizer is OptimizerKind.Adam or OptimizerKind.AdamW ? 1e-3 : 1e-2);

    public double EffectiveWeightDecay => WeightDecay ?? (Optimizer == OptimizerKind.AdamW ? 1e-2 : 0);

    /// <exception cref="CnnException">A value is out of its range: names the parameter.</exception>
    public void Validate()
    {
        Check(Epochs >= 1, nameof(Epochs), Epochs, "at least 1");
        Check(BatchSize >= 1, nameof(BatchSize), BatchSize, "at least 1");
        Check(double.IsFinite(EffectiveLearningRate) && EffectiveLearningRate > 0, nameof(LearningRate), LearningRate, "a number above 0");
        Check(Momentum is >= 0 and < 1, nameof(Momentum), Momentum, "at least 0 and less than 1");
        if (Momentum != 0 && Optimizer is OptimizerKind.Adam or OptimizerKind.AdamW)
        {
            throw Errors.IncompatibleArguments($"-Momentum is not for {Optimizer}, which has its own.",
                "Leave it out, or use -Optimizer SGD or RMSprop.");
        }

        if (Nesterov && (Optimizer != OptimizerKind.SGD || Momentum == 0))
        {
            throw Errors.IncompatibleArguments("-Nesterov is a way to use SGD's momentum, and there is none.",
                "Use it with -Optimizer SGD and a -Momentum above 0.");
        }

        Check(double.IsFinite(EffectiveWeightDecay) && EffectiveWeightDecay >= 0, nameof(WeightDecay), WeightDecay, "at least 0");
        Check(LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), LabelSmoothing, "at least 0 and less than 1");
        Check(ValidationSplit is >= 0 and < 1, nameof(ValidationSplit), ValidationSplit, "at least 0 and less than 1");
        Check(TestEvery >= 0, nameof(TestEvery), TestEvery, "at least 0");
        Check(LogEvery >= 0, nameof(LogEvery), LogEvery, "at least 0");

        static void Check(bool holds, string parameter, object? value, string expected)
        {
            if (!holds)
            {
                throw Errors.InvalidArgument(parameter, value, expected);
            }
        }
    }
}
