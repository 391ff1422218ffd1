using System.Management.Automation;
using CnnTools.Inspection;
using CnnTools.Operations;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "CnnFeatureMap", DefaultParameterSetName = "Output")]
[OutputType(typeof(FeatureMap))]
public sealed class GetCnnFeatureMapCommand : InspectionCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    [ModelArgument]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public ModelArgument Model { get; set; } = null!;

    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Output")]
    [Parameter(Position = 1, ParameterSetName = "Weights")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LayerCompleter))]
    public string[] Layer { get; set; } = ["*"];

    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Output")]
    public object? InputObject { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Weights")]
    public SwitchParameter Weights { get; set; }

    protected override void Process()
    {
        CnnModel model = OpenModel(Model);
        IReadOnlySet<string> layers = FindLayers(model, Layer);
        if (Weights)
        {
            WriteObject(LayerOutputs.FiltersOf(model, layers), enumerateCollection: true);
        }
        else if (layers.Count > 0)
        {
            foreach (NetworkInput input in ReadInputs(model, InputObject))
            {
                WriteObject(LayerOutputs.Of(model, input, layers), enumerateCollection: true);
            }
        }
    }
}
