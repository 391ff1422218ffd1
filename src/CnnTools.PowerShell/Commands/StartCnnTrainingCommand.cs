using System.Management.Automation;
using CnnTools.Data;
using CnnTools.PowerShell.Arguments;
using CnnTools.PowerShell.Jobs;
using CnnTools.Runs;
using CnnTools.Training;
using CnnTools.Zoo;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsLifecycle.Start, "CnnTraining", SupportsShouldProcess = true)]
[OutputType(typeof(EpochRecord), typeof(StepRecord), typeof(CnnTrainingJob))]
public sealed class StartCnnTrainingCommand : TrainingCmdlet
{
    // The files of this pipeline's trainings so far.
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

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

    [Parameter]
    public SwitchParameter Nesterov { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? WeightDecay { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? LabelSmoothing { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(NormalizeCompleter))]
    public object[]? Normalize { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AugmentationArgument]
    [ArgumentCompleter(typeof(AugmentationCompleter))]
    public string[]? Augmentation { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? ValidationSplit { get; set; }

    [Parameter]
    [Number<int>]
    public int? TestEvery { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string? Device { get; set; }

    [Parameter]
    [Number<int>]
    public int? Threads { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<ulong>]
    public ulong? Seed { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? RunName { get; set; }

    [Parameter]
    public SwitchParameter Append { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? CheckpointPath { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    [Number<int>]
    public int? LogEvery { get; set; }

    protected override void Process()
    {
        RequireSense();
        Dataset dataset = LoadDataset(Dataset);
        TrainingOptions options = ReadOptions();
        options.Validate();
        TrainingFiles files = ReadFiles();
        if (!ShouldProcess($"{Model} on {dataset.Name} to epoch {options.Epochs}", "Train"))
        {
            return;
        }

        options = options with { Device = Backend.GetDevice(Device) };
        CnnModel model = ModelSource.Open(Model, () => dataset, options.Seed, ResolveOutput);
        options = options with { LabelSmoothing = LabelSmoothing ?? Catalog.Find(model.Architecture)?.LabelSmoothing ?? 0 };
        options = options with { Run = string.IsNullOrEmpty(RunName) ? DefaultRunName(model) : RunName };
        Normalization normalization = Normalize is { Length: > 0 }
            ? NormalizeArgument.Parse(Normalize, dataset, () => TrainingLoop.SplitTraining(dataset, options).Train)
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
            Train(model, dataset, onStep =>
                loop = new TrainingLoop(model, dataset, normalization, options, files, onStep: onStep));
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

    private void RequireSense()
    {
        if (Append && string.IsNullOrEmpty(CsvPath))
        {
            throw Errors.IncompatibleArguments("-Append is for a log, and there is none.", "Give its -CsvPath.");
        }

        if (IncludeSteps && LogEvery is null or 0)
        {
            throw Errors.IncompatibleArguments("-IncludeSteps has no steps to include.", "Say how often: -LogEvery 100.");
        }

        if (LogEvery > 0 && string.IsNullOrEmpty(CsvPath) && !IncludeSteps)
        {
            throw Errors.IncompatibleArguments("-LogEvery has nowhere to log to.",
                "Give a -CsvPath, or -IncludeSteps for steps in the pipeline.");
        }
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
            LabelSmoothing = LabelSmoothing ?? 0,
            Augmentation = [.. Augmentation ?? []],
            ValidationSplit = ValidationSplit ?? usual.ValidationSplit,
            TestEvery = TestEvery ?? usual.TestEvery,
            LogEvery = LogEvery ?? usual.LogEvery,
            Seed = Seed ?? usual.Seed,
            Threads = Threads,
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

    private static string DefaultRunName(CnnModel model) =>
        $"{model.Name}-{DateTime.Now.ToString("yyyyMMdd-HHmmss-fff", System.Globalization.CultureInfo.InvariantCulture)}";
}
