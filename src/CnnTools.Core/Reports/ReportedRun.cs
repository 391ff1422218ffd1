using CnnTools.Plots;
using CnnTools.Runs;
using CnnTools.Training;

namespace CnnTools.Reports;

/// <summary>A run, and what its log tells.</summary>
/// <param name="Epochs">None where it completed none, or where the log cannot be read.</param>
internal sealed record ReportedRun(CnnRun Run, IReadOnlyList<EpochRecord> Epochs)
{
    public RunMeasure? Measure { get; } = RunMeasurer.Measure(Run, Epochs);

    /// <summary>The epoch that the validation split selects; null without one.</summary>
    public int? SelectedEpoch => Measure is null ? Run.BestEpoch : Measure.SelectedEpoch;

    /// <summary>Of that epoch.</summary>
    public double? ValidationAccuracy => Measure is null ? Run.BestValidationAccuracy : Measure.ValidationAccuracy;

    /// <summary>Of the epoch that the validation split selects, else of the last.</summary>
    public double? TestAccuracy => Measure?.TestAccuracy ?? Run.BestTestAccuracy ?? Run.TestAccuracy;

    /// <summary>The time of all epochs.</summary>
    public double Seconds => Epochs.Sum(epoch => epoch.Seconds);

    /// <summary>The data set's name; of a folder of images the folder's.</summary>
    public string Dataset => Path.GetFileName(Run.Dataset) is { Length: > 0 } name ? name : Run.Dataset;

    /// <summary>What tells the runs apart, where their names are long.</summary>
    public static string[] BriefNames(IEnumerable<ReportedRun> runs) => Names.Shorten([.. runs.Select(run => run.Run.Name)], many: 40, most: 60);
}
