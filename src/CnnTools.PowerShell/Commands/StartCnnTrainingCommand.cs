using System.Management.Automation;
using CnnTools.Data;
using CnnTools.PowerShell.Arguments;
using CnnTools.PowerShell.Jobs;
using CnnTools.Runs;
using CnnTools.Training;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsLifecycle.Start, "CnnTraining", SupportsShouldProcess = true)]
[OutputType(typeof(EpochRecord), typeof(StepRecord), typeof(CnnTrainingJob))]
public sealed class StartCnnTrainingCommand : CnnCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ModelArgument]
    [ArgumentCompleter(typeof(ArchitectureCompleter))]
    public ModelArgument Model { get; set; } = null!;

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DatasetCompleter))]
    public string? Dataset { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? DataPath { get; set; }

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

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? CsvPath { get; set; }

    [Parameter]
    public SwitchParameter Append { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? CheckpointPath { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    [InvariantNumber]
    public int? LogEvery { get; set; }

    [Parameter]
    public SwitchParameter IncludeSteps { get; set; }

    [Parameter]
    public string? ModelVariable { get; set; }

    [Parameter]
    public SwitchParameter AsJob { get; set; }

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

        if (AsJob)
        {
            CnnTrainingJob job = new(MyInvocation.Line, report =>
                new TrainingLoop(model, dataset, normalization, options, files, onStep: report));
            JobRepository.Add(job);
            SetModelVariable(model);
            job.Start(IncludeSteps);
            WriteObject(job);
            return;
        }

        TrainingProgressBar progress = new(this, $"Training {model.Name} on {dataset.Name}");
        try
        {
            TrainingLoop loop = new(model, dataset, normalization, options, files, onStep: progress.Show);
            foreach (ITrainingRecord record in loop.Run(StopToken))
            {
                // Set before the first record leaves, since Select-Object -First ends the pipeline there.
                SetModelVariable(model);
                if (record is EpochRecord || IncludeSteps)
                {
                    WriteObject(record);
                }
            }
        }
        finally
        {
            progress.Complete();
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
        return new TrainingFiles(csv, StepLog(csv), ResolveOptional(CheckpointPath))
        {
            LogMode = Append ? CsvLogMode.Append : Force ? CsvLogMode.Overwrite : CsvLogMode.New,
            ReplaceCheckpoint = Force,
        };
    }

    /// <summary>log.csv has log.steps.csv beside it.</summary>
    private string? StepLog(string? csv) =>
        csv is null || LogEvery is null or 0 ? null : Path.ChangeExtension(csv, null) + ".steps" + Path.GetExtension(csv);

    private static string DefaultRunName(CnnModel model) =>
        $"{model.Name}-{DateTime.Now.ToString("yyyyMMdd-HHmmss", System.Globalization.CultureInfo.InvariantCulture)}";

    private void SetModelVariable(CnnModel model)
    {
        if (!string.IsNullOrEmpty(ModelVariable))
        {
            SessionState.PSVariable.Set(ModelVariable, model);
        }
    }
}
