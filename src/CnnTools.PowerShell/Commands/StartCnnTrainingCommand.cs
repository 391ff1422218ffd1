using System.Management.Automation;
using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.PowerShell.Arguments;
using CnnTools.PowerShell.Jobs;
using CnnTools.Runs;
using CnnTools.Training;
using CnnTools.Zoo;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsLifecycle.Start, "CnnTraining", SupportsShouldProcess = true)]
[OutputType(typeof(EpochRecord), typeof(StepRecord), typeof(CnnTrainingJob))]
public sealed partial class StartCnnTrainingCommand : TrainingCmdlet
{
    // The files of this pipeline's trainings so far.
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);
    private bool _deviceTyped;

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ModelArgument]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public ModelArgument Model { get; set; } = null!;

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DatasetCompleter))]
    public string? Dataset { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<int>]
    public int? Epochs { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<int>]
    public int? BatchSize { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? LearningRate { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Choice<OptimizerKind>]
    public OptimizerKind? Optimizer { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? Momentum { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Flag]
    public SwitchParameter Nesterov { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? WeightDecay { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? LabelSmoothing { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NormalizeCompleter))]
    public object[]? Normalize { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AugmentationArgument]
    [ArgumentCompleter(typeof(AugmentationCompleter))]
    public string[]? Augmentation { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? ValidationSplit { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<int>]
    public int? TestEvery { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string? Device { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<int>]
    public int? Threads { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Choice<Precision>]
    public Precision? Precision { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Flag]
    public SwitchParameter Deterministic { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<ulong>]
    public ulong? Seed { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? RunName { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? RunPath { get; set; }

    [Parameter]
    public SwitchParameter Append { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? CheckpointPath { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<int>]
    public int? LogEvery { get; set; }

    protected override void BeginProcessing() => _deviceTyped = MyInvocation.BoundParameters.ContainsKey(nameof(Device));

    protected override void Process()
    {
        RequireSense();
        Dataset dataset = LoadDataset(Dataset);
        TrainingOptions options = ReadOptions();
        options = FastDevRun ? Shortest(options) : options;
        options.Validate();
        TrainingFiles files = FastDevRun ? TrainingFiles.None : ReadFiles();
        string? root = FastDevRun ? null : ResolveOptional(ReadRunPath());
        string kept = root is null ? "" : $", kept in a folder in '{root}'";
        if (!ShouldProcess($"{Model} on {dataset.Name} to epoch {options.Epochs}{kept}", "Train"))
        {
            return;
        }

        options = options with { Device = Backend.GetDevice(WantedDevice) };
        CnnModel model = ModelSource.Open(Model, () => dataset, options.Seed, ResolveOutput);
        options = options with { LabelSmoothing = LabelSmoothing ?? Catalog.Find(model.Architecture)?.LabelSmoothing ?? 0 };
        options = options with
        {
            Run = !string.IsNullOrEmpty(RunName) ? RunName : root is null ? DefaultRunName(model) : FolderName(model, dataset),
        };
        Normalization normalization = Normalize?.Any(item => !string.IsNullOrWhiteSpace($"{item}")) == true
            ? NormalizeArgument.Parse(Normalize, dataset, () => TrainingLoop.SplitTraining(dataset, options).Train, StopToken)
            : model.Normalization ?? dataset.Normalization;
        WriteVerbose($"{model.Name}: {model.Parameters:N0} parameters, input {model.InputShape}, {options.Device}, "
            + $"{options.Optimizer} at {options.EffectiveLearningRate:R}, normalisation {normalization}"
            + (options.LabelSmoothing > 0 ? $", label smoothing {options.LabelSmoothing:R}" : "")
            + (options.Augmentation.IsEmpty ? "" : $", augmentation {string.Join("; ", options.Augmentation)}")
            + (model.Options.Given.Any() ? $"; {model.Options}" : "")
            + (model.Frozen.Count > 0 ? $"; {model.Frozen.Count} weights are frozen" : "") + ".");

        if (MyInvocation.BoundParameters.ContainsKey("Verbose"))
        {
            WriteVerbose($"{SharedImages.Count(dataset):N0} of {dataset.Test.Count:N0} test images stand in the training split too.");
        }

        TrainingLoop? loop = null;
        try
        {
            RunEnvironment? environment = root is null ? null : RunRoot.DescribeEnvironment(this);
            string command = MyInvocation.Line;
            Train(model, dataset, onStep => root is null
                ? loop = new TrainingLoop(model, dataset, normalization, options, files, onStep: onStep)
                : RunRecorder.Begin(root, model, dataset, normalization, options, environment!, command, onStep));
        }
        finally
        {
            if (AsJob || loop is { HasFiles: true })
            {
                _written.UnionWith(new[] { files.CsvPath, files.CheckpointPath }.OfType<string>());
            }

            if (Model.Model is null && string.IsNullOrEmpty(ModelVariable) && !AsJob)
            {
                // Made for this training alone, and nobody else has it.
                model.Dispose();
            }
        }
    }

    /// <summary>A row may have a column Device. A live model has one too, which says where it is, not where to train.</summary>
    private string? WantedDevice => Model.Model is null || _deviceTyped ? Device : null;

    private void RequireSense()
    {
        if (Append && string.IsNullOrEmpty(CsvPath))
        {
            throw Errors.IncompatibleArguments("-Append is for a log, and there is none.", "Give its -CsvPath.");
        }

        if (KeepBest > 0 && string.IsNullOrEmpty(CheckpointPath) && string.IsNullOrEmpty(ReadRunPath()))
        {
            throw Errors.IncompatibleArguments("-KeepBest keeps checkpoints beside the last one, and there is none.",
                "Give a -RunPath or a -CheckpointPath.");
        }

        if (IncludeSteps && LogEvery is null or 0)
        {
            throw Errors.IncompatibleArguments("-IncludeSteps has no steps to include.", "Say how often: -LogEvery 100.");
        }

        if (LogEvery > 0 && string.IsNullOrEmpty(CsvPath) && string.IsNullOrEmpty(ReadRunPath()) && !IncludeSteps)
        {
            throw Errors.IncompatibleArguments("-LogEvery has nowhere to log to.",
                "Give a -CsvPath or a -RunPath, or -IncludeSteps for steps in the pipeline.");
        }
    }

    /// <summary>Where the run's folder is made: files that are given go before the preference variable.</summary>
    private string? ReadRunPath()
    {
        bool hasFiles = !string.IsNullOrEmpty(CsvPath) || !string.IsNullOrEmpty(CheckpointPath);
        if (string.IsNullOrEmpty(RunPath))
        {
            return hasFiles ? null : RunRoot.Preferred(this);
        }

        return hasFiles
            ? throw Errors.IncompatibleArguments("A run's folder has a log and a checkpoint of its own: -CsvPath and -CheckpointPath do not go with -RunPath.",
                "Leave them out, or leave out -RunPath.")
            : RunPath;
    }

    private TrainingOptions ReadOptions()
    {
        TrainingOptions usual = new();
        return new TrainingOptions
        {
            Epochs = Epochs ?? usual.Epochs,
            BatchSize = BatchSize ?? usual.BatchSize,
            Optimizer = Optimizer ?? usual.Optimizer,
            LearningRate = LearningRate,
            Momentum = Momentum ?? usual.Momentum,
            Nesterov = Nesterov,
            WeightDecay = WeightDecay,
            Schedule = ReadSchedule(),
            Monitor = Monitor,
            DecayWeightsOnly = DecayWeightsOnly,
            ClipGradientNorm = ClipGradientNorm,
            ClipGradientValue = ClipGradientValue,
            AccumulateBatches = AccumulateBatches ?? usual.AccumulateBatches,
            EmaDecay = EmaDecay,
            StochasticDepth = StochasticDepth ?? usual.StochasticDepth,
            UniformStochasticDepth = UniformStochasticDepth,
            Mixup = Mixup ?? usual.Mixup,
            CutMix = CutMix ?? usual.CutMix,
            ClassWeights = ClassWeightsArgument.Numbers(ClassWeights),
            BalancedClasses = ClassWeightsArgument.IsBalanced(ClassWeights),
            Overfit = Overfit ?? usual.Overfit,
            EarlyStopPatience = EarlyStopPatience,
            TargetAccuracy = TargetAccuracy,
            KeepBest = KeepBest ?? usual.KeepBest,
            MaxSteps = MaxSteps,
            MaxMinutes = MaxMinutes,
            LabelSmoothing = LabelSmoothing ?? 0,
            Augmentation = [.. Augmentation ?? []],
            ValidationSplit = ValidationSplit ?? usual.ValidationSplit,
            TestEvery = TestEvery ?? usual.TestEvery,
            LogEvery = LogEvery ?? usual.LogEvery,
            Seed = Seed ?? usual.Seed,
            Threads = Threads,
            Precision = Precision ?? usual.Precision,
            Deterministic = Deterministic,
        };
    }

    /// <summary>Several models of one pipeline share a log; each needs a checkpoint of its own.</summary>
    private TrainingFiles ReadFiles()
    {
        string? csv = ResolveOptional(CsvPath);
        string? checkpoint = ResolveOptional(CheckpointPath);
        if (checkpoint is not null && _written.Contains(checkpoint))
        {
            throw Errors.IncompatibleArguments($"The checkpoint '{checkpoint}' is that of the model before.",
                "Give each model of the pipeline its own -CheckpointPath, or train them one by one with ForEach-Object.");
        }

        bool shared = csv is not null && _written.Contains(csv);
        return new TrainingFiles(csv, LogEvery is null or 0 ? null : StepLog(csv), checkpoint)
        {
            LogMode = Append || shared ? CsvLogMode.Append : Force ? CsvLogMode.Overwrite : CsvLogMode.New,
            ReplaceCheckpoint = Force,
        };
    }

    /// <summary>Seconds are enough: a folder's name that is taken gets a number.</summary>
    private static string FolderName(CnnModel model, Dataset dataset) =>
        $"{model.Name}-{Path.GetFileName(dataset.Name)}-{DateTime.Now.ToString("yyyyMMdd-HHmmss", System.Globalization.CultureInfo.InvariantCulture)}";

    private static string DefaultRunName(CnnModel model) =>
        $"{model.Name}-{DateTime.Now.ToString("yyyyMMdd-HHmmss-fff", System.Globalization.CultureInfo.InvariantCulture)}";
}
