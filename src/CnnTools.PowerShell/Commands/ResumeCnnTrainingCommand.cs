using System.Management.Automation;
using CnnTools.Data;
using CnnTools.PowerShell.Arguments;
using CnnTools.PowerShell.Jobs;
using CnnTools.Runs;
using CnnTools.Training;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsLifecycle.Resume, "CnnTraining", SupportsShouldProcess = true)]
[OutputType(typeof(EpochRecord), typeof(StepRecord), typeof(CnnTrainingJob))]
public sealed class ResumeCnnTrainingCommand : TrainingCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Checkpoint", "PSPath")]
    public string CheckpointPath { get; set; } = "";

    [Parameter]
    [Number<int>]
    public int? Epochs { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string? Device { get; set; }

    [Parameter]
    [Number<int>]
    public int? Threads { get; set; }

    protected override void Process()
    {
        string path = ResolveOutput(CheckpointPath);
        TrainingCheckpoint checkpoint = TrainingCheckpoint.Open(Backend.Current, path);
        TrainingOptions options = checkpoint.Options;
        options = options with
        {
            Epochs = Epochs ?? options.Epochs,
            Device = Backend.GetDevice(Device ?? options.Device.ToString()),
            Threads = Threads ?? options.Threads,
            MaxSteps = MaxSteps ?? options.MaxSteps,
            MaxMinutes = MaxMinutes ?? options.MaxMinutes,
        };
        Dataset dataset = LoadDataset(name: null, checkpoint.Data);
        string? csv = ResolveOptional(CsvPath);
        TrainingFiles files = new(csv, options.LogEvery == 0 ? null : StepLog(csv), path);
        if (ShouldProcess($"{checkpoint.Model.Name} on {dataset.Name}, to epoch {options.Epochs}", "Resume training"))
        {
            CnnModel model = checkpoint.Model;
            Normalization normalization = model.Normalization ?? dataset.Normalization;
            Train(model, dataset, onStep =>
                new TrainingLoop(model, dataset, normalization, options, files, checkpoint, onStep));
        }
    }
}
