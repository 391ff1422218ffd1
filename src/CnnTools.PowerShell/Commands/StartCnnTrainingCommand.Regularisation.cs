using System.Management.Automation;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell.Commands;

// What keeps a network from learning its training images by heart, and its gradients in bounds.
public sealed partial class StartCnnTrainingCommand
{
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Flag]
    public SwitchParameter DecayWeightsOnly { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? ClipGradientNorm { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? ClipGradientValue { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<int>]
    public int? AccumulateBatches { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? EmaDecay { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? StochasticDepth { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Flag]
    public SwitchParameter UniformStochasticDepth { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? Mixup { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? CutMix { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClassWeightsCompleter))]
    public object[]? ClassWeights { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<int>]
    public int? Overfit { get; set; }
}
