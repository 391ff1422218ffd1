using System.Management.Automation;
using CnnTools.Backends;
using CnnTools.Operations;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsLifecycle.Invoke, "Convolution")]
[OutputType(typeof(FeatureMap))]
public sealed class InvokeConvolutionCommand : DataCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(KernelCompleter))]
    public object? Kernel { get; set; }

    [Parameter]
    [PairArgument]
    public Pair Stride { get; set; } = 1;

    [Parameter]
    [PaddingArgument]
    [ArgumentCompleter(typeof(PaddingCompleter))]
    public PaddingChoice Padding { get; set; } = PaddingChoice.None;

    [Parameter]
    [Choice<PaddingMode>]
    public PaddingMode? PaddingMode { get; set; }

    [Parameter]
    [Number<float>]
    public float? PaddingValue { get; set; }

    [Parameter]
    [PairArgument]
    public Pair Dilation { get; set; } = 1;

    [Parameter]
    [Number<int>]
    public int Groups { get; set; } = 1;

    [Parameter]
    public object? Bias { get; set; }

    [Parameter]
    public SwitchParameter Flip { get; set; }

    [Parameter]
    public SwitchParameter PerChannel { get; set; }

    [Parameter]
    public SwitchParameter Mean { get; set; }

    protected override FeatureMap Apply(FeatureMap input)
    {
        FilterBank filters = KernelSource.Read(Kernel);
        Convolution convolution = new(filters)
        {
            Stride = Stride,
            Padding = Padding.For(filters.Size, Stride, Dilation, Flip),
            PaddingMode = Mode,
            PaddingValue = PaddingValue ?? 0,
            Dilation = Dilation,
            Groups = Groups,
            Bias = Bias is null ? [] : [.. NumberArrays.Read(Bias, nameof(Bias)).AsSpan()],
            Flip = Flip,
            PerChannel = PerChannel,
            Mean = Mean,
        };
        return convolution.Apply(Backend.Current, input, StopToken);
    }

    /// <summary>A value says that it is what is added.</summary>
    private PaddingMode Mode => PaddingValue is null or 0 || PaddingMode is Backends.PaddingMode.Constant
        ? PaddingMode ?? Backends.PaddingMode.Zeros
        : PaddingMode is null
            ? Backends.PaddingMode.Constant
            : throw Errors.IncompatibleArguments(
                $"-PaddingMode {PaddingMode} adds no value of yours, and -PaddingValue gives one.", "Leave one of them out.");
}
