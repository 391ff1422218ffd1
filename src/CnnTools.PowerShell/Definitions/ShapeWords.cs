using System.Management.Automation;
using CnnTools.Backends;
using CnnTools.Graphs.Layers;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell.Definitions;

/// <summary>Flatten</summary>
public sealed class FlattenWord : Word
{
    protected override void Write() => Network.Then(Name, "flatten", new Flatten());
}

/// <summary>Unflatten CHANNELS,HEIGHT,WIDTH</summary>
public sealed class UnflattenWord : Word
{
    [Parameter(Position = 0)]
    [ShapeArgument]
    public Shape? OutputShape { get; set; }

    protected override void Write() => Network.Then(
        Name, "unflatten",
        new Unflatten(OutputShape ?? throw Errors.WordLacks("Unflatten", nameof(OutputShape), "Unflatten 16,1,1")));
}

/// <summary>Pad2d PADDING</summary>
public sealed class Pad2dWord : Word
{
    [Parameter(Position = 0)]
    [PaddingArgument]
    public PaddingChoice Padding { get; set; } = PaddingChoice.None;

    [Parameter]
    [Choice<PaddingMode>]
    public PaddingMode Mode { get; set; }

    /// <summary>What is added in the mode Constant.</summary>
    [Parameter]
    [Number<float>]
    public float Value { get; set; }

    protected override void Write() =>
        Network.Then(Name, "pad", new Pad2d(Padding.Fixed) { Mode = Mode, Value = Value });
}

/// <summary>PadChannels BEFORE AFTER: channels of zeros.</summary>
public sealed class PadChannelsWord : Word
{
    [Parameter(Position = 0)]
    [Number<int>]
    public int Before { get; set; }

    [Parameter(Position = 1)]
    [Number<int>]
    public int After { get; set; }

    protected override void Write() => Network.Then(Name, "pad", new PadChannels(Before, After));
}
