using System.Management.Automation;
using CnnTools.PowerShell.Arguments;
using CnnTools.Training;

namespace CnnTools.PowerShell.Commands;

// How the learning rate changes.
public sealed partial class StartCnnTrainingCommand
{
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Choice<ScheduleKind>]
    public ScheduleKind? Schedule { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Choice<ScheduleUnit>]
    public ScheduleUnit? ScheduleBy { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? WarmupEpochs { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? WarmupFactor { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<int>]
    public int? StepSize { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Numbers<int>]
    public int[]? Milestones { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? Gamma { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? MinLearningRate { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? Power { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<int>]
    public int? Patience { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Choice<MonitoredFigure>]
    public MonitoredFigure? Monitor { get; set; }

    private ScheduleOptions ReadSchedule() => new()
    {
        Kind = Schedule ?? ScheduleKind.Constant,
        By = ScheduleBy,
        WarmupEpochs = WarmupEpochs,
        WarmupFactor = WarmupFactor,
        StepSize = StepSize,
        Milestones = Milestones,
        Gamma = Gamma,
        MinLearningRate = MinLearningRate,
        Power = Power,
        Patience = Patience,
    };
}
