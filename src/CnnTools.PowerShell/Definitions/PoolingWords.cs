using System.Management.Automation;
using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell.Definitions;

/// <summary>What poolings with a sliding window share.</summary>
public abstract class WindowPoolingWord : Word
{
    [Parameter(Position = 0)]
    [PairArgument]
    public Pair Kernel { get; set; } = 2;

    /// <summary>The kernel's size where not given.</summary>
    [Parameter]
    [PairArgument]
    public Pair? Stride { get; set; }

    [Parameter]
    [PairArgument]
    public Pair Padding { get; set; } = 0;

    /// <summary>A last window that hangs over the edge counts.</summary>
    [Parameter]
    public SwitchParameter CeilMode { get; set; }

    private protected abstract WindowPooling Layer { get; }

    protected override void Write() => Network.Then(
        Name, "pool", Layer with { Stride = Stride ?? Kernel, Padding = Padding, CeilMode = CeilMode });
}

/// <summary>MaxPool2d KERNEL</summary>
public sealed class MaxPool2dWord : WindowPoolingWord
{
    private protected override WindowPooling Layer => new MaxPool2d(Kernel);
}

/// <summary>AvgPool2d KERNEL</summary>
public sealed class AvgPool2dWord : WindowPoolingWord
{
    /// <summary>Whether padded zeros count in the mean.</summary>
    [Parameter]
    public bool CountPadding { get; set; } = true;

    private protected override WindowPooling Layer => new AvgPool2d(Kernel) { CountPadding = CountPadding };
}

/// <summary>What poolings to a given size share; 1 is global pooling.</summary>
public abstract class AdaptivePoolingWord : Word
{
    [Parameter(Position = 0)]
    [PairArgument]
    public Pair OutputSize { get; set; } = 1;

    private protected abstract Layer Layer { get; }

    protected override void Write() => Network.Then(Name, "pool", Layer);
}

/// <summary>AdaptiveMaxPool2d SIZE</summary>
public sealed class AdaptiveMaxPool2dWord : AdaptivePoolingWord
{
    private protected override Layer Layer => new AdaptiveMaxPool2d(OutputSize);
}

/// <summary>AdaptiveAvgPool2d SIZE</summary>
public sealed class AdaptiveAvgPool2dWord : AdaptivePoolingWord
{
    private protected override Layer Layer => new AdaptiveAvgPool2d(OutputSize);
}

/// <summary>ChannelPool: each pixel's maximum and mean over the channels.</summary>
public sealed class ChannelPoolWord : Word
{
    protected override void Write() => Network.Then(Name, "pool", new ChannelPool());
}
