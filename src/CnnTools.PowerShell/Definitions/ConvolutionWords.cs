using System.Management.Automation;
using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell.Definitions;

/// <summary>What convolutions share.</summary>
public abstract class ConvolutionWord : Word
{
    [Parameter]
    [PairArgument]
    public Pair Stride { get; set; } = 1;

    /// <summary>A number, (vertical, horizontal), (top, bottom, left, right), Valid, Same or Full.</summary>
    [Parameter]
    [PaddingArgument]
    public PaddingChoice Padding { get; set; } = PaddingChoice.None;

    [Parameter]
    [Choice<PaddingMode>]
    public PaddingMode PaddingMode { get; set; }

    [Parameter]
    [PairArgument]
    public Pair Dilation { get; set; } = 1;

    [Parameter]
    public bool Bias { get; set; } = true;

    /// <summary>PyTorch's default where not given.</summary>
    [Parameter]
    [InitializerArgument]
    public Initializer? Initializer { get; set; }

    private protected void Write(string word, int filters, Pair? kernel, int groups)
    {
        Pair size = kernel ?? throw Errors.WordLacks(word, nameof(Conv2d.Kernel), $"{word} 32 -Kernel 3");
        Conv2d layer = new(filters, size)
        {
            Stride = Stride,
            Dilation = Dilation,
            Groups = groups,
            Bias = Bias,
            WeightInitializer = Initializer,
        };
        Network.Several(Name, "conv", (network, name) =>
            network.ThenConvolution(name, layer, Padding.For(size, Stride, Dilation), PaddingMode));
    }
}

/// <summary>Conv2d FILTERS KERNEL</summary>
public sealed class Conv2dWord : ConvolutionWord
{
    [Parameter(Position = 0)]
    [Number<int>]
    public int? Filters { get; set; }

    [Parameter(Position = 1)]
    [PairArgument]
    public Pair? Kernel { get; set; }

    [Parameter]
    [Number<int>]
    public int Groups { get; set; } = 1;

    protected override void Write() => Write(
        "Conv2d", Filters ?? throw Errors.WordLacks("Conv2d", nameof(Filters), "Conv2d 32 -Kernel 3"), Kernel, Groups);
}

/// <summary>DepthwiseConv2d KERNEL: a filter of its own for each channel, or several.</summary>
public sealed class DepthwiseConv2dWord : ConvolutionWord
{
    [Parameter(Position = 0)]
    [PairArgument]
    public Pair? Kernel { get; set; }

    /// <summary>Filters for each channel.</summary>
    [Parameter]
    [Number<int>]
    public int Multiplier { get; set; } = 1;

    protected override void Write()
    {
        int channels = Network.LastShape.Channels;
        Write("DepthwiseConv2d", (int)Math.Clamp((long)channels * Multiplier, int.MinValue, int.MaxValue), Kernel, channels);
    }
}
