using System.Collections;
using System.Management.Automation;
using CnnTools.Graphs;
using CnnTools.Operations;
using CnnTools.PowerShell.Arguments;
using CnnTools.PowerShell.Definitions;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsLifecycle.Invoke, "CnnLayer")]
[OutputType(typeof(FeatureMap))]
public sealed class InvokeCnnLayerCommand : DataCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public ScriptBlock Definition { get; set; } = null!;

    [Parameter]
    public SwitchParameter AsRows { get; set; }

    [Parameter]
    public IDictionary? Weights { get; set; }

    [Parameter]
    [Number<ulong>]
    public ulong? Seed { get; set; }

    [Parameter]
    public SwitchParameter Training { get; set; }

    [Parameter]
    [Choice<DropoutMode>]
    public DropoutMode DropoutMode { get; set; }

    protected override FeatureMap Apply(FeatureMap input)
    {
        if (AsRows)
        {
            input = input.Shape.Rank == 2
                ? input.AsRows()
                : throw Errors.IncompatibleArguments($"-AsRows is for data of two dimensions, and these are {input.Shape}.", "Leave it out.");
        }

        Graph graph = NetworkDefinition.Run(Definition, input.GetSampleShape(), this);
        LayerPass pass = new(graph.With(DropoutMode))
        {
            Weights = GivenWeights,
            Training = Training,
            Seed = Seed ?? 0,
        };
        return pass.Run(Backend.Current, input);
    }

    private Dictionary<string, FeatureMap> GivenWeights
    {
        get
        {
            Dictionary<string, FeatureMap> given = [];
            foreach (object name in Weights?.Keys ?? Array.Empty<object>())
            {
                given[$"{name}"] = DataSource.Read(Weights![name], $"{nameof(Weights)} {name}");
            }

            return given;
        }
    }
}
