using System.Management.Automation;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell.Definitions;

/// <summary>Linear OUTPUTS</summary>
public sealed class LinearWord : Word
{
    [Parameter(Position = 0)]
    [Number<int>]
    public int? Outputs { get; set; }

    [Parameter]
    public bool Bias { get; set; } = true;

    /// <summary>PyTorch's default where not given.</summary>
    [Parameter]
    [InitializerArgument]
    public Initializer? Initializer { get; set; }

    protected override void Write()
    {
        int outputs = Outputs ?? throw Errors.WordLacks("Linear", nameof(Outputs), "Linear 10");
        Network.Then(Name, "fc", new Linear(outputs) { Bias = Bias, WeightInitializer = Initializer });
    }
}
