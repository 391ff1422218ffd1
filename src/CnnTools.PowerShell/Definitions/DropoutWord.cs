using System.Management.Automation;
using CnnTools.Graphs.Layers;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell.Definitions;

/// <summary>Dropout PROBABILITY</summary>
public sealed class DropoutWord : Word
{
    [Parameter(Position = 0)]
    [Number<double>]
    public double Probability { get; set; } = 0.5;

    protected override void Write() => Network.Then(Name, "dropout", new Dropout(Probability));
}
