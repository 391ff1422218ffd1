using System.Management.Automation;
using CnnTools.Graphs.Layers;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell.Definitions;

/// <summary>Affine SCALE SHIFT: scale · x + shift.</summary>
public sealed class AffineWord : Word
{
    [Parameter(Position = 0)]
    [Number<double>]
    public double Scale { get; set; } = 1;

    [Parameter(Position = 1)]
    [Number<double>]
    public double Shift { get; set; }

    protected override void Write() => Network.Then(Name, "affine", new Affine(Scale, Shift));
}
