using System.Management.Automation;
using CnnTools.Backends;
using CnnTools.PowerShell.Arguments;
using CnnTools.Zoo;

namespace CnnTools.PowerShell.Definitions;

/// <summary>What gates share that look at all channels.</summary>
public abstract class AttentionWord : Word
{
    /// <summary>How many channels one value in the gate's middle stands for.</summary>
    [Parameter(Position = 0)]
    [Number<int>]
    public int Reduction { get; set; } = 16;

    /// <exception cref="CnnException">No value would be left.</exception>
    private protected int Channels
    {
        get
        {
            int channels = Network.LastShape is { Rank: 3 } shape ? shape.Channels : throw Errors.WordLacks(
                MyInvocation.MyCommand.Name["Add-".Length..], "an image before it", "Conv2d 32 3; SqueezeExcite");
            return Reduction >= 1 && Reduction <= channels
                ? channels
                : throw Errors.InvalidArgument(nameof(Reduction), Reduction, $"at least 1 and at most the {channels} channels");
        }
    }
}

/// <summary>SqueezeExcite REDUCTION</summary>
public sealed class SqueezeExciteWord : AttentionWord
{
    protected override void Write()
    {
        int channels = Channels;
        Network.Several(Name, "se", (network, name) =>
            network.SqueezeAndExcite(name, channels, channels / Reduction, Activation.Sigmoid, biases: null));
    }
}

/// <summary>Cbam REDUCTION</summary>
public sealed class CbamWord : AttentionWord
{
    protected override void Write()
    {
        _ = Channels;
        Network.Several(Name, "cbam", (network, name) => network.AttendToChannelsAndPixels(name, Reduction));
    }
}
