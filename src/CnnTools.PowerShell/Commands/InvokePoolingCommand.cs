using System.Management.Automation;
using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Operations;
using CnnTools.PowerShell.Arguments;
using CnnTools.Zoo;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsLifecycle.Invoke, "Pooling", DefaultParameterSetName = "Window")]
[OutputType(typeof(FeatureMap))]
public sealed class InvokePoolingCommand : DataCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    [Choice<Pooling>]
    public Pooling Kind { get; set; }

    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Window")]
    [PairArgument]
    public Pair Kernel { get; set; }

    [Parameter(ParameterSetName = "Window")]
    [PairArgument]
    public Pair? Stride { get; set; }

    [Parameter(ParameterSetName = "Window")]
    [PairArgument]
    public Pair Padding { get; set; } = 0;

    [Parameter(ParameterSetName = "Window")]
    public bool? CountPadding { get; set; }

    [Parameter(ParameterSetName = "Window")]
    public SwitchParameter CeilMode { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Global")]
    public SwitchParameter Global { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Adaptive")]
    [PairArgument]
    public Pair OutputSize { get; set; }

    protected override FeatureMap Apply(FeatureMap input)
    {
        Graph graph = new GraphBuilder(input.GetImageShape()).Then("pooling", Layer).Build();
        return new LayerPass(graph).Run(Backend.Current, input);
    }

    private Layer Layer => ParameterSetName == "Window" ? Window : Grid(ParameterSetName == "Global" ? 1 : OutputSize);

    private WindowPooling Window
    {
        get
        {
            if (Kind == Pooling.Max && CountPadding is not null)
            {
                throw Errors.IncompatibleArguments(
                    "-CountPadding is about means: what padding adds is never a window's largest value.", "Leave it out, or use -Kind Average.");
            }

            WindowPooling layer = Kind == Pooling.Max ? new MaxPool2d(Kernel) : new AvgPool2d(Kernel) { CountPadding = CountPadding ?? true };
            return layer with { Stride = Stride ?? Kernel, Padding = Padding, CeilMode = CeilMode };
        }
    }

    private AdaptivePooling Grid(Pair size) => Kind == Pooling.Max ? new AdaptiveMaxPool2d(size) : new AdaptiveAvgPool2d(size);
}
