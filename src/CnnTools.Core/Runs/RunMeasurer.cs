using CnnTools.Statistics;
using CnnTools.Training;

namespace CnnTools.Runs;

/// <summary>Measures runs: each as a whole, or put together from the records of its epochs.</summary>
/// <param name="testImages">How many images the test figures are of, where the records do not know it.</param>
public sealed class RunMeasurer(int? testImages = null)
{
    private const string Validation = "Validation";

    private readonly List<List<EpochRecord>> _trainings = [];
    private readonly Dictionary<string, List<EpochRecord>> _current = [];

    /// <summary>The trainings whose epochs were added, in the order in which they began.</summary>
    public IEnumerable<RunMeasure> Trainings => _trainings.Select(epochs =>
        Measure(epochs, RunFacts.SettingsOf(epochs[0]), MonitoredFigure.ValidationAccuracy, testImages));

    /// <summary>Adds an epoch to its training: a new one where the run is, or where its steps begin again.</summary>
    public void Add(EpochRecord epoch)
    {
        if (!_current.TryGetValue(epoch.Run, out List<EpochRecord>? epochs) || epoch.Step <= epochs[^1].Step)
        {
            _trainings.Add(_current[epoch.Run] = epochs = []);
        }

        epochs.Add(epoch);
    }

    /// <summary>Measures a run by the log in its folder; null where it has completed no epoch.</summary>
    /// <exception cref="CnnException">The log cannot be read.</exception>
    public static RunMeasure? Measure(CnnRun run)
    {
        RunFolder folder = RunFolder.Open(run.Path);
        return Measure(run, File.Exists(folder.LogPath) ? EpochLog.Read(folder.LogPath) : []);
    }

    /// <summary>The same by the rows of its log.</summary>
    internal static RunMeasure? Measure(CnnRun run, IReadOnlyList<EpochRecord> epochs)
    {
        MonitoredFigure monitor = run.Settings.MonitorInUse is MonitoredFigure.ValidationLoss
            ? MonitoredFigure.ValidationLoss
            : MonitoredFigure.ValidationAccuracy;
        return epochs.Count == 0 ? null : Measure(epochs, RunFacts.SettingsOf(run.Manifest), monitor, run.TestImages);
    }

    private static RunMeasure Measure(
        IReadOnlyList<EpochRecord> epochs, IReadOnlyList<KeyValuePair<string, object?>> settings, MonitoredFigure monitor, int? testImages)
    {
        EpochRecord last = epochs[^1];
        IEnumerable<EpochRecord> validated = epochs.Where(epoch => monitor.Of(epoch) is not null);
        EpochRecord? selected = monitor.IsAccuracy() ? validated.MaxBy(epoch => monitor.Of(epoch)) : validated.MinBy(epoch => monitor.Of(epoch));
        double? told = (selected ?? last).TestAccuracy;
        int? images = last.TestImages ?? testImages;
        Interval? interval = told is { } share && images is { } count ? Interval.Wilson(share, count) : null;
        return new()
        {
            Run = last.Run,
            Model = last.Model,
            Dataset = last.Dataset,
            Seed = last.Seed,
            LastEpoch = last.Epoch,
            LastTestAccuracy = last.TestAccuracy,
            SelectedOn = last.SelectedOn ?? (selected is null ? null : Validation),
            SelectedEpoch = selected?.Epoch,
            ValidationAccuracy = selected?.ValidationAccuracy,
            TestAccuracy = told,
            Lower = interval?.Lower,
            Upper = interval?.Upper,
            TestImages = images,
            Settings = settings,
        };
    }
}
