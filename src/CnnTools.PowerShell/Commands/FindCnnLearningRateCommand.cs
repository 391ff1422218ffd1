using System.Management.Automation;
using CnnTools.Data;
using CnnTools.PowerShell.Arguments;
using CnnTools.Training;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsCommon.Find, "CnnLearningRate")]
[OutputType(typeof(LearningRateRange))]
public sealed class FindCnnLearningRateCommand : DatasetCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ModelArgument]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public ModelArgument Model { get; set; } = null!;

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DatasetCompleter))]
    public string? Dataset { get; set; }

    [Parameter]
    [Number<double>]
    public double? MinLearningRate { get; set; }

    [Parameter]
    [Number<double>]
    public double? MaxLearningRate { get; set; }

    [Parameter]
    [Number<int>]
    public int? Steps { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<int>]
    public int? BatchSize { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Choice<OptimizerKind>]
    public OptimizerKind? Optimizer { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? Momentum { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? WeightDecay { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(NormalizeCompleter))]
    public object[]? Normalize { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string? Device { get; set; }

    [Parameter]
    [Number<int>]
    public int? Threads { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<ulong>]
    public ulong? Seed { get; set; }

    protected override void Process()
    {
        Dataset dataset = LoadDataset(Dataset);
        TrainingOptions usual = new();
        TrainingOptions options = new()
        {
            BatchSize = BatchSize ?? usual.BatchSize,
            Optimizer = Optimizer ?? usual.Optimizer,
            Momentum = Momentum ?? usual.Momentum,
            WeightDecay = WeightDecay,
            Seed = Seed ?? usual.Seed,
            Threads = Threads,
            Device = Backend.GetDevice(Device),
        };
        CnnModel model = ModelSource.Open(Model, () => dataset, options.Seed, ResolveOutput);
        Normalization normalization = Normalize is { Length: > 0 }
            ? NormalizeArgument.Parse(Normalize, dataset, () => dataset.Train, StopToken)
            : model.Normalization ?? dataset.Normalization;
        TrainingProgressBar progress = new(this, $"Looking for a learning rate for {model.Name} on {dataset.Name}");
        try
        {
            LearningRateRange range = new LearningRateFinder(model, dataset, normalization, options)
                .Run(MinLearningRate ?? 1e-6, MaxLearningRate ?? 1, Steps ?? 100, progress.Show, StopToken);
            if (range.IsAtEnd)
            {
                WriteWarning("The suggestion is at an end of the range: the loss did not turn within it. Use more -Steps or a wider range.");
            }

            WriteObject(range);
        }
        finally
        {
            progress.Complete();
            if (Model.Model is null)
            {
                // Made for this test alone, and nobody else has it.
                model.Dispose();
            }
        }
    }
}
