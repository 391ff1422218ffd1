using System.Management.Automation;
using CnnTools.Backends;
using CnnTools.Graphs.Layers;
using CnnTools.Operations;
using CnnTools.PowerShell.Arguments;
using CnnTools.PowerShell.Definitions;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsDiagnostic.Measure, "Convolution", DefaultParameterSetName = "Convolution")]
[OutputType(typeof(ConvolutionMeasure))]
public sealed class MeasureConvolutionCommand : CnnCmdlet
{
    private const int MostRepeats = 1000;

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShapeArgument]
    public Shape InputShape { get; set; }

    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Convolution")]
    [PairArgument]
    public Pair Kernel { get; set; }

    [Parameter(ParameterSetName = "Convolution")]
    [Number<int>]
    public int? Filters { get; set; }

    [Parameter(ParameterSetName = "Convolution")]
    [PairArgument]
    public Pair Stride { get; set; } = 1;

    [Parameter(ParameterSetName = "Convolution")]
    [PaddingArgument]
    [ArgumentCompleter(typeof(PaddingCompleter))]
    public PaddingChoice Padding { get; set; } = PaddingChoice.None;

    [Parameter(ParameterSetName = "Convolution")]
    [PairArgument]
    public Pair Dilation { get; set; } = 1;

    [Parameter(ParameterSetName = "Convolution")]
    [Number<int>]
    public int Groups { get; set; } = 1;

    [Parameter(ParameterSetName = "Convolution")]
    public SwitchParameter Separable { get; set; }

    [Parameter(ParameterSetName = "Convolution")]
    [Number<int>]
    public int Repeat { get; set; } = 1;

    [Parameter(Mandatory = true, ParameterSetName = "FullyConnected")]
    [Number<int>]
    public int Outputs { get; set; }

    [Parameter(ParameterSetName = "Convolution")]
    [Parameter(ParameterSetName = "FullyConnected")]
    public SwitchParameter Bias { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Definition")]
    public ScriptBlock Definition { get; set; } = null!;

    protected override void Process() => WriteObject(ParameterSetName switch
    {
        "FullyConnected" => ConvolutionMeasure.OfFullyConnected(InputShape, Outputs, Bias),
        "Definition" => ConvolutionMeasure.Of("Definition", NetworkDefinition.Run(Definition, InputShape, this)),
        _ => OfConvolution(),
    });

    private ConvolutionMeasure OfConvolution()
    {
        if (Repeat is < 1 or > MostRepeats)
        {
            throw Errors.InvalidArgument(nameof(Repeat), Repeat, $"from 1 to {MostRepeats}");
        }

        if (Separable && Groups != 1)
        {
            throw Errors.IncompatibleArguments("-Separable has its own groups, and -Groups says another number.", "Leave one of them out.");
        }

        // Without a number of filters the channels stay as many as they are.
        Conv2d layer = new(Filters ?? InputShape.Channels, Kernel) { Stride = Stride, Dilation = Dilation, Groups = Groups, Bias = Bias };
        Padding padding = Padding.For(Kernel, Stride, Dilation);
        return Separable
            ? ConvolutionMeasure.OfSeparable(InputShape, layer, padding, Repeat)
            : ConvolutionMeasure.OfConvolution(InputShape, layer, padding, Repeat);
    }
}
