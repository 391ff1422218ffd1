using CnnTools.Statistics;

namespace CnnTools.Runs;

/// <summary>Runs that differ in their seeds only, and how they compare with others of the same seeds.</summary>
/// <param name="Group">What they have in common.</param>
/// <param name="Runs">Those that have a test accuracy.</param>
/// <param name="Mean">Of the test accuracies, as the next; null where there are none.</param>
/// <param name="Deviation">The standard deviation, with n - 1; null below two runs.</param>
/// <param name="Lower">Student's 95 % interval of the mean, as the next; null below two runs.</param>
/// <param name="Baseline">The group that this one is compared with; empty for that one itself.</param>
/// <param name="Pairs">Seeds that both have.</param>
/// <param name="Difference">The mean over the pairs of this group's accuracy minus the baseline's.</param>
/// <param name="DifferenceDeviation">The standard deviation of those differences, with n - 1.</param>
/// <param name="DifferenceLower">Student's 95 % interval of their mean, as the next; null below two pairs.</param>
public sealed record RunGroupMeasure(
    string Group, int Runs, double? Mean, double? Deviation, double? Lower, double? Upper, string Baseline, int Pairs,
    double? Difference, double? DifferenceDeviation, double? DifferenceLower, double? DifferenceUpper)
{
    /// <summary>Groups runs by settings, in the order in which they come.</summary>
    /// <param name="by">Names of settings; all runs must have them.</param>
    /// <param name="baseline">Which group the others are compared with, by its text; null is the first.</param>
    /// <exception cref="CnnException">There is no such setting or no such group.</exception>
    public static IReadOnlyList<RunGroupMeasure> Of(
        IReadOnlyCollection<RunMeasure> runs, IReadOnlyList<string> by, string? baseline = null)
    {
        IGrouping<string, RunMeasure>[] groups = [.. runs.GroupBy(run => Label(run, by))];
        if (groups.Length == 0)
        {
            return [];
        }

        IGrouping<string, RunMeasure> reference = baseline is null
            ? groups[0]
            : groups.FirstOrDefault(group => group.Key.Equals(baseline, StringComparison.OrdinalIgnoreCase))
                ?? throw Errors.UnknownName("Group", baseline, groups.Select(group => group.Key));
        Dictionary<ulong, double> figures = BySeed(reference);
        return [.. groups.Select(group => Of(group, reference.Key, group == reference ? [] : figures))];
    }

    private static RunGroupMeasure Of(IGrouping<string, RunMeasure> group, string baseline, Dictionary<ulong, double> reference)
    {
        Sample figures = new(group.Select(run => run.TestAccuracy).OfType<double>());
        Sample differences = new(BySeed(group).Where(own => reference.ContainsKey(own.Key)).Select(own => own.Value - reference[own.Key]));
        return new(
            group.Key, figures.Count, figures.Count > 0 ? figures.Mean : null, figures.Deviation,
            figures.MeanInterval?.Lower, figures.MeanInterval?.Upper, group.Key == baseline ? "" : baseline, differences.Count,
            differences.Count > 0 ? differences.Mean : null, differences.Deviation,
            differences.MeanInterval?.Lower, differences.MeanInterval?.Upper);
    }

    private static string Label(RunMeasure run, IReadOnlyList<string> by) => string.Join(", ", by.Select(name =>
    {
        KeyValuePair<string, object?> setting = run.Settings.FirstOrDefault(known => known.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
        return setting.Key is null
            ? throw Errors.UnknownName("Setting", name, run.Settings.Select(known => known.Key))
            : $"{setting.Key} {RunFacts.Show(setting.Value)}".TrimEnd();
    }));

    /// <summary>A seed that was run more than once counts with its mean.</summary>
    private static Dictionary<ulong, double> BySeed(IEnumerable<RunMeasure> runs) => runs
        .Where(run => run.TestAccuracy is not null)
        .GroupBy(run => run.Seed, run => run.TestAccuracy!.Value)
        .ToDictionary(values => values.Key, values => values.Average());
}
