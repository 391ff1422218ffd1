using System.Management.Automation;
using CnnTools.Data;
using CnnTools.Inspection;
using CnnTools.PowerShell.Arguments;
using CnnTools.Training;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "CnnLayerStatistic", DefaultParameterSetName = "Dataset")]
[OutputType(typeof(LayerStatistic))]
public sealed class GetCnnLayerStatisticCommand : InspectionCmdlet
{
    private const int DefaultBatchSize = 64;

    private readonly List<NetworkInput> _inputs = [];

    [Parameter(Mandatory = true, Position = 0)]
    [ModelArgument]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public ModelArgument Model { get; set; } = null!;

    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LayerCompleter))]
    public string[] Layer { get; set; } = ["*"];

    [Parameter(ParameterSetName = "Dataset")]
    [ArgumentCompleter(typeof(DatasetCompleter))]
    public string? Dataset { get; set; }

    [Parameter(ParameterSetName = "Dataset")]
    public string? DataPath { get; set; }

    [Parameter(ParameterSetName = "Dataset")]
    [Choice<EvaluationSplit>]
    public EvaluationSplit? Split { get; set; }

    [Parameter(ParameterSetName = "Dataset")]
    [Number<int>]
    public int? BatchSize { get; set; }

    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    public object? InputObject { get; set; }

    [Parameter(ParameterSetName = "InputObject")]
    public int[]? Label { get; set; }

    protected override void Process()
    {
        if (ParameterSetName == "InputObject")
        {
            _inputs.AddRange(ReadInputs(OpenModel(Model), InputObject));
            return;
        }

        if (BatchSize is < 1)
        {
            throw Errors.InvalidArgument(nameof(BatchSize), BatchSize, "at least 1");
        }

        if (Crop is not null || Resize is not null)
        {
            throw Errors.IncompatibleArguments("-Crop and -Resize are for images of -InputObject; a data set's are taken as they are.", "Leave them out.");
        }

        CnnModel model = OpenModel(Model, () => Load(null));
        Dataset dataset = Load(model);
        model.RequireFit(dataset);
        ImageSet batch = (Split == EvaluationSplit.Test ? dataset.Test : dataset.Train).Spread(BatchSize ?? DefaultBatchSize);
        Emit(model, NetworkInput.Of(ReaderFor(model, dataset.Normalization), batch), batch.Labels);
    }

    protected override void Finish()
    {
        if (_inputs.Count > 0)
        {
            Emit(OpenModel(Model), NetworkInput.Join(_inputs), Label);
        }
    }

    private void Emit(CnnModel model, NetworkInput input, IReadOnlyList<int>? labels) =>
        WriteObject(LayerStatistics.Of(model, input, labels, FindLayers(model, Layer)), enumerateCollection: true);

    /// <summary>The one that is named, or that the model was trained on.</summary>
    private Dataset Load(CnnModel? model)
    {
        DatasetRequest request = string.IsNullOrEmpty(Dataset) ? model?.TrainedData ?? new(SynthDigits.Name) : new(ResolveDataset(Dataset));
        return DatasetCatalog.Load(
            request with { DataPath = ResolveOptional(DataPath) ?? request.DataPath }, () => Backend.Images, stop: StopToken);
    }
}
