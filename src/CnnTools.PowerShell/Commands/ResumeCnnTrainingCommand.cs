using System.Management.Automation;
using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.PowerShell.Arguments;
using CnnTools.PowerShell.Jobs;
using CnnTools.Runs;
using CnnTools.Training;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsLifecycle.Resume, "CnnTraining", SupportsShouldProcess = true, DefaultParameterSetName = "Checkpoint")]
[OutputType(typeof(EpochRecord), typeof(StepRecord), typeof(CnnTrainingJob))]
public sealed class ResumeCnnTrainingCommand : TrainingCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "Checkpoint")]
    [Alias("Checkpoint", "PSPath")]
    [AllowNull]
    [AllowEmptyString]
    public string CheckpointPath { get; set; } = "";

    [Parameter(Mandatory = true, ParameterSetName = "Run")]
    public string RunPath { get; set; } = "";

    [Parameter]
    [Number<int>]
    public int? Epochs { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string? Device { get; set; }

    [Parameter]
    [Number<int>]
    public int? Threads { get; set; }

    [Parameter]
    [Choice<Precision>]
    public Precision? Precision { get; set; }

    protected override void Process()
    {
        string path = ParameterSetName == "Run" ? "" : ResolveCheckpoint(CheckpointPath);
        RunFolder? run = ParameterSetName == "Run" ? RunFolder.Open(ResolveOutput(RunPath))
            : Directory.Exists(path) ? RunFolder.Open(path)
            : RunFolder.OfCheckpoint(path);
        if (run is null)
        {
            RunFolder.RequireNoOther(path);
            Resume(path, run: null, hold: null);
            return;
        }

        if (!string.IsNullOrEmpty(CsvPath))
        {
            throw Errors.IncompatibleArguments($"The run in '{run.Path}' has a log of its own.", "Leave out -CsvPath.");
        }

        // Before its checkpoint is read: another process might be about to write the next.
        IDisposable hold = run.Hold();
        bool left = false;
        try
        {
            RunManifest manifest = run.Read();
            left = File.Exists(run.LastPath)
                ? Resume(run.LastPath, run, hold, manifest.Data) && AsJob
                : throw (manifest.Last is null
                    ? Errors.RunWithoutCheckpoint(run.Path, manifest.Command)
                    : Errors.CheckpointGone(run.Path, manifest.Command, File.Exists(run.BestPath) ? run.BestPath : null));
        }
        finally
        {
            if (!left)
            {
                hold.Dispose();
            }
        }
    }

    /// <summary>False where it was only asked what would be done.</summary>
    private bool Resume(string path, RunFolder? run, IDisposable? hold, DatasetRequest? data = null)
    {
        TrainingCheckpoint checkpoint = TrainingCheckpoint.Open(Backend.Current, path);
        TrainingOptions options = checkpoint.Options;
        options = options with
        {
            Epochs = Epochs ?? options.Epochs,
            Device = Backend.GetDevice(Device ?? options.Device.ToString()),
            Threads = Threads ?? options.Threads,
            Precision = Precision ?? options.Precision,
            MaxSteps = MaxSteps ?? options.MaxSteps,
            MaxMinutes = MaxMinutes ?? options.MaxMinutes,
        };
        Dataset dataset = LoadDataset(name: null, data ?? checkpoint.Data);
        string? csv = ResolveOptional(CsvPath);
        TrainingFiles files = new(csv, options.LogEvery == 0 ? null : StepLog(csv), path);
        CnnModel model = checkpoint.Model;
        if (!ShouldProcess($"{model.Name} on {dataset.Name}, to epoch {options.Epochs}", "Resume training"))
        {
            return false;
        }

        WarnOfNothingToDo(checkpoint, options);
        RunEnvironment? environment = run is null ? null : RunRoot.DescribeEnvironment(this);
        Train(model, dataset, onStep => run is null
            ? new TrainingLoop(model, dataset, model.Normalization ?? dataset.Normalization, options, files, checkpoint, onStep)
            : RunRecorder.Resume(run, hold!, checkpoint, dataset, options, environment!, onStep));
        return true;
    }

    private void WarnOfNothingToDo(TrainingCheckpoint checkpoint, TrainingOptions options)
    {
        string? limit = checkpoint.Step >= options.MaxSteps ? $"-MaxSteps {options.MaxSteps}"
            : checkpoint.Epoch >= options.Epochs ? $"-Epochs {options.Epochs}"
            : null;
        if (limit is not null)
        {
            WriteWarning($"Nothing is left to do: the training went to its {limit}. Give a larger one to train on.");
        }
    }
}
