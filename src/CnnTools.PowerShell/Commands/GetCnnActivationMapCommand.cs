using System.Management.Automation;
using CnnTools.Inspection;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "CnnActivationMap")]
[OutputType(typeof(ActivationMap))]
public sealed class GetCnnActivationMapCommand : InspectionCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    [ModelArgument]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public ModelArgument Model { get; set; } = null!;

    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(LayerCompleter))]
    public string? Layer { get; set; }

    [Parameter]
    [Number<int>]
    public int? Class { get; set; }

    protected override void Process()
    {
        CnnModel model = OpenModel(Model);
        GradCam gradCam = new(string.IsNullOrEmpty(Layer) ? null : Layer, Class);
        foreach (NetworkInput input in ReadInputs(model, InputObject))
        {
            WriteObject(gradCam.Of(model, input), enumerateCollection: true);
        }
    }
}
