using System.Management.Automation;
using CnnTools.PowerShell.Arguments;
using CnnTools.Training;

namespace CnnTools.PowerShell.Commands;

// When a training ends before its last epoch, and what is kept of it.
public sealed partial class StartCnnTrainingCommand
{
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<int>]
    public int? EarlyStopPatience { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? TargetAccuracy { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<int>]
    public int? KeepBest { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Flag]
    public SwitchParameter FastDevRun { get; set; }

    /// <summary>One step and one batch of each evaluation: whether it runs at all.</summary>
    private static TrainingOptions Shortest(TrainingOptions options) => options with
    {
        Epochs = 1,
        Overfit = 1,
        EvaluationImages = options.BatchSize,
        Schedule = options.Schedule with { WarmupEpochs = null, WarmupFactor = null },
    };
}
