using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using CnnTools.Downloads;

namespace CnnTools.PowerShell;

/// <summary>A download's progress at the prompt: at most five times a second, with a file's rate and the time left for it.</summary>
internal sealed class DownloadProgressBar(Cmdlet cmdlet, string activity)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly ProgressRecord _record = new(0, activity, "connecting");
    private DownloadProgress _first;
    private long _began;
    private long _shown;

    public void Show(DownloadProgress progress)
    {
        // Another file, or the same from its beginning.
        if (progress.File != _first.File || progress.Received < _first.Received)
        {
            (_first, _began) = (progress, Stopwatch.GetTimestamp());
        }

        if (_shown != 0 && Stopwatch.GetElapsedTime(_shown) < Interval)
        {
            return;
        }

        _shown = Stopwatch.GetTimestamp();
        cmdlet.WriteProgress(Describe(_record, progress, progress.Received - _first.Received, Stopwatch.GetElapsedTime(_began)));
    }

    public void Complete()
    {
        _record.RecordType = ProgressRecordType.Completed;
        cmdlet.WriteProgress(_record);
    }

    /// <summary>Writes where a file stands into a progress record.</summary>
    /// <param name="bytes">What came in the time.</param>
    public static ProgressRecord Describe(ProgressRecord record, DownloadProgress progress, long bytes, TimeSpan time)
    {
        double rate = bytes > 0 ? bytes / time.TotalSeconds : 0;
        record.StatusDescription = string.Create(CultureInfo.InvariantCulture,
            $"{progress.File.Name}: {progress.Received / 1e6:F1} of {progress.File.Bytes / 1e6:F1} MB, {rate / 1e6:F1} MB/s");
        record.PercentComplete = (int)(100 * progress.Received / progress.File.Bytes);
        record.SecondsRemaining = rate > 0 ? (int)Math.Min((progress.File.Bytes - progress.Received) / rate, int.MaxValue) : -1;
        return record;
    }
}
