using System.Management.Automation;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell.Definitions;

/// <summary>Auxiliary { ... } -Weight WEIGHT: a classifier whose loss counts in training only; the network goes on before it.</summary>
public sealed class AuxiliaryWord : Word
{
    [Parameter(Position = 0)]
    public ScriptBlock? Body { get; set; }

    [Parameter]
    [Number<double>]
    public double Weight { get; set; } = 0.3;

    protected override void Write()
    {
        ScriptBlock body = Body ?? throw Errors.WordLacks("Auxiliary", nameof(Body), "Auxiliary { AdaptiveAvgPool2d 1; Flatten; Linear 10 }");
        string start = Network.Last;
        Network.Inside(Name ?? Network.NextName("aux"), body);
        Network.Auxiliary(Weight);
        Network.From(start);
    }
}
