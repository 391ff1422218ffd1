using System.Diagnostics;
using System.Management.Automation;
using CnnTools.Graphs;
using CnnTools.PowerShell.Arguments;
using CnnTools.Training;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsDiagnostic.Measure, "CnnModel")]
[OutputType(typeof(ModelMeasurement))]
public sealed class MeasureCnnModelCommand : NetworkCmdlet
{
    private static readonly int[] UsualBatchSizes = [1, 8, 32];
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    private long _shown;

    [Parameter]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string? Device { get; set; }

    [Parameter]
    [Numbers<int>]
    public int[]? BatchSize { get; set; }

    [Parameter]
    [Number<int>]
    public int? Threads { get; set; }

    protected override void Process()
    {
        (string name, Graph graph) = OpenNetwork();
        ModelMeasurement measurement = ModelMeasurement.Of(name, graph, Model.Model?.TrainableParameters);
        if (!string.IsNullOrEmpty(Device) || BatchSize is { Length: > 0 })
        {
            MeasureSpeed(measurement, graph);
        }
        else if (Threads is not null)
        {
            throw Errors.IncompatibleArguments("-Threads is for measuring the speed, which is not asked for.", "Give a -Device too.");
        }
        else
        {
            WriteObject(measurement);
        }
    }

    private void MeasureSpeed(ModelMeasurement measurement, Graph graph)
    {
        Backends.Device device = string.IsNullOrEmpty(Device) && Model.Model is { } model
            ? model.Device
            : Backend.GetDevice(Device);
        ProgressRecord progress = new(0, $"Measuring {measurement.Model} on {device}", "starting");
        using SpeedTest test = new(Backend.Current, measurement.Model, graph, device);
        try
        {
            foreach (int batchSize in BatchSize is { Length: > 0 } ? BatchSize : UsualBatchSizes)
            {
                try
                {
                    Speed speed = test.Run(batchSize, Threads, step => Show(progress, step), StopToken);
                    WriteObject(measurement with
                    {
                        Device = device.ToString(),
                        BatchSize = batchSize,
                        Threads = speed.Threads,
                        EvaluationImagesPerSecond = speed.Evaluation,
                        TrainingImagesPerSecond = speed.Training,
                    });
                }
                catch (CnnException exception)
                {
                    // A batch that does not fit does not keep the smaller ones from being measured.
                    WriteError(exception.ToErrorRecord());
                }
            }
        }
        finally
        {
            progress.RecordType = ProgressRecordType.Completed;
            WriteProgress(progress);
        }
    }

    private void Show(ProgressRecord progress, SpeedProgress step)
    {
        if (_shown != 0 && Stopwatch.GetElapsedTime(_shown) < ProgressInterval)
        {
            return;
        }

        _shown = Stopwatch.GetTimestamp();
        progress.StatusDescription = $"batches of {step.BatchSize}, {step.Phase}, repeat {step.Repeat}";
        WriteProgress(progress);
    }
}
