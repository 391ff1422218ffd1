using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using CnnTools.Data;

namespace CnnTools.PowerShell;

/// <summary>How the opening of a data set goes, at the prompt: at most five times a second, and not where it is soon done.</summary>
internal sealed class LoadProgressBar(Cmdlet cmdlet, string activity)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly ProgressRecord _record = new(0, activity, "starting");
    private long _last = Stopwatch.GetTimestamp();
    private bool _shown;

    public void Show(LoadProgress progress)
    {
        if (Stopwatch.GetElapsedTime(_last) < Interval)
        {
            return;
        }

        (_last, _shown) = (Stopwatch.GetTimestamp(), true);
        _record.StatusDescription = string.Create(CultureInfo.InvariantCulture,
            $"{progress.Done} of {progress.Total} files {progress.Work}, {progress.PerSecond:F0} files/s");
        _record.PercentComplete = (int)(100.0 * progress.Done / progress.Total);
        _record.SecondsRemaining = (int)Math.Min((progress.Total - progress.Done) / progress.PerSecond, int.MaxValue);
        cmdlet.WriteProgress(_record);
    }

    public void Complete()
    {
        if (_shown)
        {
            _record.RecordType = ProgressRecordType.Completed;
            cmdlet.WriteProgress(_record);
        }
    }
}
