using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;
using CnnTools.Data;
using CnnTools.PowerShell.Arguments;
using CnnTools.PowerShell.Jobs;
using CnnTools.Training;

namespace CnnTools.PowerShell;

/// <summary>What beginning a training and going on with one share: where records, the model and the log go.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class TrainingCmdlet : DatasetCmdlet
{
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? CsvPath { get; set; }

    [Parameter]
    public SwitchParameter IncludeSteps { get; set; }

    [Parameter]
    public string? ModelVariable { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<long>]
    public long? MaxSteps { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? MaxMinutes { get; set; }

    [Parameter]
    public SwitchParameter AsJob { get; set; }

    /// <summary>log.csv has log.steps.csv beside it.</summary>
    internal static string? StepLog(string? csv) =>
        csv is null ? null : Path.ChangeExtension(csv, null) + ".steps" + Path.GetExtension(csv);

    /// <summary>Runs a training here, or as a job; emits its records as they come.</summary>
    /// <param name="create">Makes the training, given whom to tell of each step.</param>
    protected void Train(
        CnnModel model, Dataset dataset, Func<Action<TrainingProgress>, ITraining> create)
    {
        // At once: however the training ends, the user has the model.
        SetModelVariable(model);
        if (AsJob)
        {
            CnnTrainingJob job = new(MyInvocation.Line, create);
            JobRepository.Add(job);
            job.Start(IncludeSteps);
            WriteObject(job);
            return;
        }

        TrainingProgressBar progress = new(this, $"Training {model.Name} on {dataset.Name}");
        using IDisposable running = RunningTrainings.Add(RequestStop, Thread.CurrentThread);
        try
        {
            foreach (ITrainingRecord record in create(progress.Show).Run(StopToken))
            {
                if (record is EpochRecord || IncludeSteps)
                {
                    WriteObject(record);
                }
            }
        }
        finally
        {
            progress.Complete();
        }

        if (progress.Decoding is { } decoding)
        {
            WriteVerbose(string.Create(CultureInfo.InvariantCulture,
                $"Streamed: {decoding.ImagesPerSecond:F0} images/s decoded while there was room; training waited for images {decoding.Waiting:P1} of the time."));
        }
    }

    private void SetModelVariable(CnnModel model)
    {
        if (!string.IsNullOrEmpty(ModelVariable))
        {
            if (ModelVariable.Any(letter => !char.IsLetterOrDigit(letter) && letter != '_'))
            {
                throw Errors.InvalidArgument(nameof(ModelVariable), ModelVariable, "a variable's name, without the dollar sign");
            }

            SessionState.PSVariable.Set(ModelVariable, model);
        }
    }
}
