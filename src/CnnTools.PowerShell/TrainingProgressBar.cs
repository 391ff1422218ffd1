using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using CnnTools.Training;

namespace CnnTools.PowerShell;

/// <summary>A training's progress at the prompt: at most five times a second, with the rate and the time left.</summary>
internal sealed class TrainingProgressBar(Cmdlet cmdlet, string activity)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly ProgressRecord _record = new(0, activity, "starting");
    private long _shown;

    /// <summary>How the decode of a streamed split kept up with the training so far.</summary>
    public DecodeRate? Decoding { get; private set; }

    public void Show(TrainingProgress progress)
    {
        Decoding = progress.Decoding;
        if (_shown != 0 && Stopwatch.GetElapsedTime(_shown) < Interval)
        {
            return;
        }

        _shown = Stopwatch.GetTimestamp();
        try
        {
            cmdlet.WriteProgress(Describe(_record, progress));
        }
        catch (PipelineStoppedException)
        {
            // The training is about to be told so itself, and ends as one that was stopped, not as one that failed.
        }
    }

    public void Complete()
    {
        if (_shown != 0)
        {
            _record.RecordType = ProgressRecordType.Completed;
            cmdlet.WriteProgress(_record);
        }
    }

    /// <summary>Writes where a training stands into a progress record.</summary>
    public static ProgressRecord Describe(ProgressRecord record, TrainingProgress progress)
    {
        double done = (progress.Epoch - 1 + ((double)progress.Batch / progress.Batches)) / progress.Epochs;
        record.StatusDescription = string.Create(CultureInfo.InvariantCulture,
            $"epoch {progress.Epoch} of {progress.Epochs}, batch {progress.Batch} of {progress.Batches}, loss {progress.Loss:F4}, {progress.ImagesPerSecond:F0} images/s")
            + (progress.Decoding is { } decoding ? string.Create(CultureInfo.InvariantCulture, $", decode {decoding.ImagesPerSecond:F0} images/s") : "");
        record.PercentComplete = (int)(100 * done);
        record.SecondsRemaining = progress.Left is { } left ? (int)Math.Min(left.TotalSeconds, int.MaxValue) : -1;
        return record;
    }
}
