namespace CnnTools.Runs;

/// <summary>What differs between runs: in their settings, and beside it in their results.</summary>
public static class RunComparison
{
    /// <summary>A row for each run: its name, the settings that are not the same in all, the results that are not.</summary>
    /// <exception cref="CnnException">There are less than two runs.</exception>
    public static IReadOnlyList<IReadOnlyList<KeyValuePair<string, object?>>> Compare(IReadOnlyList<CnnRun> runs)
    {
        if (runs.Count < 2)
        {
            throw Errors.NothingToCompare(runs.Count);
        }

        KeyValuePair<string, object?>[][] facts =
            [.. runs.Select(run => (KeyValuePair<string, object?>[])[.. RunFacts.SettingsOf(run.Manifest), .. RunFacts.ResultsOf(run)])];
        string[] differing = [.. DifferingOf(facts)];
        return
        [
            .. runs.Zip(facts, (run, all) => (IReadOnlyList<KeyValuePair<string, object?>>)
            [
                new(nameof(run.Name), run.Name),
                .. all.Where(fact => differing.Contains(fact.Key)),
            ]),
        ];
    }

    /// <summary>The names of facts that have not the same value in all runs.</summary>
    internal static IEnumerable<string> DifferingOf(IEnumerable<IReadOnlyList<KeyValuePair<string, object?>>> runs) =>
        from fact in runs.SelectMany(run => run)
        group RunFacts.Show(fact.Value) by fact.Key into values
        where values.Distinct().Skip(1).Any()
        select values.Key;
}
