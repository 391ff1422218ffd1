using System.Management.Automation;
using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.PowerShell.Arguments;
using CnnTools.Training;
using CnnTools.Weights;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsDiagnostic.Test, "CnnModel", DefaultParameterSetName = "Model")]
[OutputType(typeof(Evaluation))]
public sealed class TestCnnModelCommand : DatasetCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Model")]
    [ModelArgument]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public ModelArgument Model { get; set; } = null!;

    // By property name a record gives its checkpoint, never its model's label: that would test a fresh network.
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Checkpoint")]
    [AllowNull]
    [AllowEmptyString]
    public string Checkpoint { get; set; } = "";

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DatasetCompleter))]
    public string? Dataset { get; set; }

    [Parameter]
    [Choice<EvaluationSplit>]
    public EvaluationSplit? Split { get; set; }

    [Parameter]
    [Choice<TestTimeAugmentation>]
    public TestTimeAugmentation? TestTimeAugmentation { get; set; }

    [Parameter]
    [Number<int>]
    public int? BatchSize { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string? Device { get; set; }

    [Parameter]
    [Number<int>]
    public int? Threads { get; set; }

    protected override void Process()
    {
        if (BatchSize is < 1)
        {
            throw Errors.InvalidArgument(nameof(BatchSize), BatchSize, "at least 1");
        }

        bool opened = ParameterSetName == "Checkpoint" || Model.Model is null;
        CnnModel model = ParameterSetName == "Checkpoint"
            ? ModelFile.Read(Backend.Current, ResolveCheckpoint(Checkpoint))
            : ModelSource.Open(Model, () => LoadDataset(Dataset), seed: 0, ResolveOutput);
        try
        {
            // By default on the data set that it was trained on.
            Dataset dataset = LoadDataset(Dataset, model.TrainedData);
            Device device = Device is null ? model.Device : Backend.GetDevice(Device);
            WriteObject(Evaluator.Test(
                model, dataset, Split ?? EvaluationSplit.Test, device, BatchSize ?? Evaluator.DefaultBatchSize, Threads, StopToken,
                TestTimeAugmentation ?? Training.TestTimeAugmentation.None));
        }
        finally
        {
            // What was opened for this evaluation alone is not left to the garbage collector.
            if (opened)
            {
                model.Dispose();
            }
        }
    }
}
