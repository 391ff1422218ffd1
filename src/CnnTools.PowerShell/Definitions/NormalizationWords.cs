using System.Management.Automation;
using CnnTools.Graphs.Layers;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell.Definitions;

/// <summary>BatchNorm2d</summary>
public sealed class BatchNorm2dWord : Word
{
    [Parameter]
    [Number<double>]
    public double Epsilon { get; set; } = 1e-5;

    [Parameter]
    [Number<double>]
    public double Momentum { get; set; } = 0.1;

    /// <summary>What the weight starts as: 0 in a residual block's last batch norm makes it begin as the identity.</summary>
    [Parameter]
    [Number<double>]
    public double InitialWeight { get; set; } = 1;

    protected override void Write() =>
        Network.Then(Name, "bn", new BatchNorm2d { Epsilon = Epsilon, Momentum = Momentum, InitialWeight = InitialWeight });
}

/// <summary>LocalResponseNorm SIZE</summary>
public sealed class LocalResponseNormWord : Word
{
    [Parameter(Position = 0)]
    [Number<int>]
    public int Size { get; set; } = 5;

    [Parameter]
    [Number<double>]
    public double Alpha { get; set; } = 1e-4;

    [Parameter]
    [Number<double>]
    public double Beta { get; set; } = 0.75;

    [Parameter]
    [Number<double>]
    public double K { get; set; } = 1;

    protected override void Write() =>
        Network.Then(Name, "lrn", new LocalResponseNorm(Size) { Alpha = Alpha, Beta = Beta, K = K });
}
