using System.Management.Automation;
using CnnTools.Data;
using CnnTools.PowerShell.Arguments;
using CnnTools.PowerShell.Jobs;
using CnnTools.Runs;
using CnnTools.Training;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsLifecycle.Start, "CnnTraining", SupportsShouldProcess = true)]
[OutputType(typeof(EpochRecord), typeof(StepRecord), typeof(CnnTrainingJob))]
public sealed class StartCnnTrainingCommand : TrainingCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ModelArgument]
    [ArgumentCompleter(typeof(ArchitectureCompleter))]
    public ModelArgument Model { get; set; } = null!;

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DatasetCompleter))]
    public string? Dataset { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [InvariantNumber]
    public int? Epochs { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [InvariantNumber]
    public int? BatchSize { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [InvariantNumber]
    public double? LearningRate { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyIsUnset]
    public OptimizerKind? Optimizer { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [InvariantNumber]
    public double? Momentum { get; set; }

    [Parameter]
    public SwitchParameter Nesterov { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [InvariantNumber]
    public double? WeightDecay { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(NormalizeCompleter))]
    public object[]? Normalize { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [InvariantNumber]
    public double? ValidationSplit { get; set; }

    [Parameter]
    [InvariantNumber]
    public int? TestEvery { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string? Device { get; set; }

    [Parameter]
    [InvariantNumber]
    public int? Threads { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [InvariantNumber]
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
    [InvariantNumber]
    public int? LogEvery { get; set; }

    protected override void Process()
    {
        Dataset dataset = DatasetCatalog.Load(
            string.IsNullOrEmpty(Dataset) ? SynthDigits.Name : Dataset, ResolveOptional(DataPath));
        TrainingOptions options = ReadOptions();
        options.Validate();
        TrainingFiles files = ReadFiles();
        string target = $"{Model} on {dataset.Name}, {options.Epochs} epochs";
        if (!ShouldProcess(target, "Train"))
        {
            return;
        }

        options = options with { Device = Backend.GetDevice(Device) };
        CnnModel model = ModelSource.Open(Model, dataset, options.Seed, ResolveOutput);
        options = options with { Run = string.IsNullOrEmpty(RunName) ? DefaultRunName(model) : RunName };
        Normalization normalization = Normalize is { Length: > 0 }
            ? NormalizeArgument.Parse(Normalize, dataset)
            : model.Normalization ?? dataset.Normalization;
        WriteVerbose($"{model.Name}: {model.Parameters:N0} parameters, input {model.InputShape}, {options.Device}, "
            + $"{options.Optimizer} at {options.EffectiveLearningRate:R}, normalisation {normalization}.");

        Train(model, dataset, onStep => new TrainingLoop(model, dataset, normalization, options, files, onStep: onStep));
        if (Model.Model is null && string.IsNullOrEmpty(ModelVariable) && !AsJob)
        {
            // Made for this training alone, and nobody else has it.
            model.Dispose();
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
            ValidationSplit = ValidationSplit ?? usual.ValidationSplit,
            TestEvery = TestEvery ?? usual.TestEvery,
            LogEvery = LogEvery ?? usual.LogEvery,
            Seed = Seed ?? usual.Seed,
            Threads = Threads,
        };
    }

    private TrainingFiles ReadFiles()
    {
        string? csv = ResolveOptional(CsvPath);
        return new TrainingFiles(csv, LogEvery is null or 0 ? null : StepLog(csv), ResolveOptional(CheckpointPath))
        {
            LogMode = Append ? CsvLogMode.Append : Force ? CsvLogMode.Overwrite : CsvLogMode.New,
            ReplaceCheckpoint = Force,
        };
    }

    private static string DefaultRunName(CnnModel model) =>
        $"{model.Name}-{DateTime.Now.ToString("yyyyMMdd-HHmmss", System.Globalization.CultureInfo.InvariantCulture)}";
}
