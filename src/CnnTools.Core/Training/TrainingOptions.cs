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

    /// <summary>How the learning rate changes from there.</summary>
    public ScheduleOptions Schedule { get; init; } = new();

    /// <summary>For SGD and RMSprop.</summary>
    public double Momentum { get; init; }

    public bool Nesterov { get; init; }

    /// <summary>L2 penalty (AdamW: decoupled decay); null is the optimizer's usual one (AdamW 0.01, others 0).</summary>
    public double? WeightDecay { get; init; }

    /// <summary>Whether weight decay spares biases and batch norms: all that has one dimension.</summary>
    public bool DecayWeightsOnly { get; init; }

    /// <summary>The largest norm of all gradients together; null is none.</summary>
    public double? ClipGradientNorm { get; init; }

    /// <summary>The largest value of a gradient; null is none.</summary>
    public double? ClipGradientValue { get; init; }

    /// <summary>How many batches make one step.</summary>
    public int AccumulateBatches { get; init; } = 1;

    /// <summary>How much of the average of the weights stays at each step; null is no average.</summary>
    public double? EmaDecay { get; init; }

    /// <summary>The probability with which the last residual block is skipped in training; 0 is none.</summary>
    public double StochasticDepth { get; init; }

    /// <summary>Whether all blocks are skipped as often; else it rises on a straight line from the first to the last.</summary>
    public bool UniformStochasticDepth { get; init; }

    /// <summary>Mixup's parameter of the beta distribution; 0 is none.</summary>
    public double Mixup { get; init; }

    /// <summary>CutMix's parameter of the beta distribution; 0 is none.</summary>
    public double CutMix { get; init; }

    /// <summary>What each class counts in the training's loss; null is 1 for all.</summary>
    public IReadOnlyList<double>? ClassWeights { get; init; }

    /// <summary>Whether classes count in inverse proportion to their images.</summary>
    public bool BalancedClasses { get; init; }

    /// <summary>Trains on so many steps' images only, the same ones in the same order again and again; 0 is all images.</summary>
    public int Overfit { get; init; }

    /// <summary>Looks at the first so many images of the validation and of the test split only; 0 is all.</summary>
    public int EvaluationImages { get; init; }

    /// <summary>Ends after so many epochs in a row without a better figure; null is never.</summary>
    public int? EarlyStopPatience { get; init; }

    /// <summary>Ends with the epoch whose accuracy on the monitored split is as high; null is never.</summary>
    public double? TargetAccuracy { get; init; }

    /// <summary>How many checkpoints of the best epochs are kept.</summary>
    public int KeepBest { get; init; }

    /// <summary>Ends after so many steps in all; null is never.</summary>
    public long? MaxSteps { get; init; }

    /// <summary>Ends after the step in which so many minutes are over, counted from the start or the resumption.</summary>
    public double? MaxMinutes { get; init; }

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

    /// <summary>What decisions look at; null is the validation accuracy, where there is a validation split.</summary>
    public MonitoredFigure? Monitor { get; init; }

    /// <summary>A step record every so many batches; 0 is none.</summary>
    public int LogEvery { get; init; }

    public ulong Seed { get; init; }

    public Device Device { get; init; } = Device.Cpu;

    /// <summary>CPU threads for one operation; null is the rule of <see cref="ThreadCount"/>.</summary>
    public int? Threads { get; init; }

    /// <summary>What convolutions and linear layers compute in; weights and the optimizer's state are float32.</summary>
    public Precision Precision { get; init; }

    /// <summary>Whether an operation that does not give the same bits each time is an error. On the CPU all of them do.</summary>
    public bool Deterministic { get; init; }

    public double EffectiveLearningRate =>
        LearningRate ?? (Optimizer is OptimizerKind.Adam or OptimizerKind.AdamW ? 1e-3 : 1e-2);

    public double EffectiveWeightDecay => WeightDecay ?? (Optimizer == OptimizerKind.AdamW ? 1e-2 : 0);

    /// <summary>Whether the optimizer keeps momentum buffers, if it is one that has them.</summary>
    public bool HasMomentum => Momentum != 0 || Schedule.CyclesMomentum;

    /// <summary>The figure that decisions look at; null where nothing may be looked at.</summary>
    public MonitoredFigure? MonitorInUse => Monitor ?? (ValidationSplit > 0 ? MonitoredFigure.ValidationAccuracy : null);

    /// <summary>The split that something is chosen on; null where nothing is.</summary>
    public string? SelectedOn => Choices.Any() ? MonitorInUse?.Split() : null;

    /// <summary>What decides by a figure.</summary>
    private IEnumerable<string> Choices
    {
        get
        {
            if (Schedule.Kind == ScheduleKind.Plateau)
            {
                yield return "-Schedule Plateau";
            }

            if (EarlyStopPatience is not null)
            {
                yield return "-EarlyStopPatience";
            }

            if (TargetAccuracy is not null)
            {
                yield return "-TargetAccuracy";
            }

            if (KeepBest > 0)
            {
                yield return "-KeepBest";
            }
        }
    }

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

        if (Momentum != 0 && Schedule.CyclesMomentum)
        {
            throw Errors.IncompatibleArguments("A OneCycle schedule moves the momentum between 0.95 and 0.85, whatever it was.",
                "Leave out -Momentum.");
        }

        if (Nesterov && (Optimizer != OptimizerKind.SGD || !HasMomentum))
        {
            throw Errors.IncompatibleArguments("-Nesterov is a way to use SGD's momentum, and there is none.",
                "Use it with -Optimizer SGD and a -Momentum above 0.");
        }

        Check(double.IsFinite(EffectiveWeightDecay) && EffectiveWeightDecay >= 0, nameof(WeightDecay), WeightDecay, "at least 0");
        Check(ClipGradientNorm is null or (> 0 and < double.PositiveInfinity), nameof(ClipGradientNorm), ClipGradientNorm, "a number above 0");
        Check(ClipGradientValue is null or (> 0 and < double.PositiveInfinity), nameof(ClipGradientValue), ClipGradientValue, "a number above 0");
        Check(AccumulateBatches >= 1 && (long)AccumulateBatches * BatchSize <= int.MaxValue, nameof(AccumulateBatches), AccumulateBatches,
            "at least 1, and a step of less than 2147483648 images");
        Check(EmaDecay is null or (> 0 and < 1), nameof(EmaDecay), EmaDecay, "above 0 and less than 1");
        Check(StochasticDepth is >= 0 and < 1, nameof(StochasticDepth), StochasticDepth, "at least 0 and less than 1");
        Check(Mixup is >= 0 and < double.PositiveInfinity, nameof(Mixup), Mixup, "at least 0");
        Check(CutMix is >= 0 and < double.PositiveInfinity, nameof(CutMix), CutMix, "at least 0");
        Check(ClassWeights is null || (ClassWeights.All(w => w >= 0 && double.IsFinite(w)) && ClassWeights.Any(w => w > 0)),
            nameof(ClassWeights), string.Join(", ", ClassWeights ?? []), "numbers of at least 0, one of them above");
        Check(Overfit >= 0, nameof(Overfit), Overfit, "at least 0");
        Check(EvaluationImages >= 0, nameof(EvaluationImages), EvaluationImages, "at least 0");
        Check(EarlyStopPatience is null or >= 1, nameof(EarlyStopPatience), EarlyStopPatience, "at least 1");
        Check(TargetAccuracy is null or (> 0 and <= 1), nameof(TargetAccuracy), TargetAccuracy, "above 0 and at most 1");
        Check(KeepBest >= 0, nameof(KeepBest), KeepBest, "at least 0");
        Check(MaxSteps is null or >= 1, nameof(MaxSteps), MaxSteps, "at least 1");
        Check(MaxMinutes is null or > 0, nameof(MaxMinutes), MaxMinutes, "above 0");
        ValidateRegularisation();
        Check(LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), LabelSmoothing, "at least 0 and less than 1");
        Check(ValidationSplit is >= 0 and < 1, nameof(ValidationSplit), ValidationSplit, "at least 0 and less than 1");
        Check(TestEvery >= 0, nameof(TestEvery), TestEvery, "at least 0");
        Check(LogEvery >= 0, nameof(LogEvery), LogEvery, "at least 0");
        Schedule.Validate(EffectiveLearningRate, Epochs);
        ValidateMonitor();

        static void Check(bool holds, string parameter, object? value, string expected)
        {
            if (!holds)
            {
                throw Errors.InvalidArgument(parameter, value, expected);
            }
        }
    }

    private void ValidateRegularisation()
    {
        if ((ClassWeights is not null || BalancedClasses) && (Mixup > 0 || CutMix > 0))
        {
            throw Errors.IncompatibleArguments("-ClassWeights weigh whole labels, and -Mixup and -CutMix make labels of two classes.",
                "Leave out one of them.");
        }

        if (ClipGradientNorm is not null && ClipGradientValue is not null)
        {
            throw Errors.IncompatibleArguments("Gradients are clipped by their norm or by their values, not by both.",
                "Leave out -ClipGradientNorm or -ClipGradientValue.");
        }

        if (DecayWeightsOnly && EffectiveWeightDecay == 0)
        {
            throw Errors.IncompatibleArguments("-DecayWeightsOnly says what decays, and there is no weight decay.", "Give a -WeightDecay above 0.");
        }

        if (UniformStochasticDepth && StochasticDepth == 0)
        {
            throw Errors.IncompatibleArguments("-UniformStochasticDepth is for a stochastic depth, and there is none.",
                "Say how often blocks are skipped: -StochasticDepth 0.2.");
        }
    }

    private void ValidateMonitor()
    {
        if (Choices.FirstOrDefault() is { } choice && MonitorInUse is null)
        {
            throw Errors.NothingToMonitor(choice);
        }

        if (Monitor?.IsOfTest() == false && ValidationSplit == 0)
        {
            throw Errors.IncompatibleArguments($"-Monitor {Monitor} needs a validation split, and there is none.", "Give -ValidationSplit 0.1.");
        }

        if (Monitor?.IsOfTest() == true && TestEvery == 0)
        {
            throw Errors.IncompatibleArguments($"-Monitor {Monitor} needs the test split, which -TestEvery 0 leaves alone.",
                "Use -TestEvery 1, or look at a validation split.");
        }

        if (Monitor is not null && !Choices.Any())
        {
            throw Errors.IncompatibleArguments("-Monitor says what decisions look at, and nothing is decided.",
                "Leave it out, or use -Schedule Plateau, -EarlyStopPatience, -TargetAccuracy or -KeepBest.");
        }
    }
}
