using System.Globalization;
using CnnTools.Runs;

namespace CnnTools.Reports;

/// <summary>The settings that differ between runs as a table, and those that do not, folded.</summary>
internal static class SettingsSection
{
    public static void Write(HtmlWriter html, IReadOnlyList<ReportedRun> runs)
    {
        IReadOnlyList<KeyValuePair<string, object?>>[] settings = [.. runs.Select(run => RunFacts.SettingsOf(run.Run.Manifest))];
        string[] differing = [.. RunComparison.DifferingOf(settings)];
        if (differing.Length > 0)
        {
            WriteDiffering(html, runs, settings, differing);
        }
        else if (runs.Count > 1)
        {
            html.Element("p", "All settings are the same in all runs.");
        }

        KeyValuePair<string, string>[] same =
        [
            .. from fact in settings[0]
               let text = RunFacts.Show(fact.Value)
               where !differing.Contains(fact.Key) && text.Length > 0
               select KeyValuePair.Create(fact.Key, text),
        ];
        WriteSame(
            html, runs.Count == 1 ? "All settings" : string.Create(CultureInfo.InvariantCulture, $"{same.Length} settings that are the same in all runs"), same);
    }

    private static void WriteDiffering(
        HtmlWriter html, IReadOnlyList<ReportedRun> runs, IReadOnlyList<KeyValuePair<string, object?>>[] settings, string[] differing)
    {
        TableCell[][] cells =
        [
            .. settings.Select(facts => facts.ToDictionary())
                .Select(facts => Array.ConvertAll(differing, name => CellOf(name, facts.GetValueOrDefault(name)))),
        ];
        SortableTable.Write(html, "Settings that differ",
            [
                new("Run"),
                .. differing.Select((name, column) =>
                    new TableColumn(name, IsNumber: cells.All(row => row[column].Value is not null || row[column].Text.Length == 0))),
            ],
            ReportedRun.BriefNames(runs).Select((name, index) => new TableRow(
                [new(name, Tip: runs[index].Run.Name), .. cells[index]], RunColor.Of(index))));
    }

    private static TableCell CellOf(string name, object? value)
    {
        string text = RunFacts.Show(value);
        return name == nameof(RunManifest.Fingerprint) && text.Length > 8
            ? new(text[..8], Tip: text)
            : new(text, value is IConvertible and not (string or Enum or bool or DateTime) ? text : null);
    }

    private static void WriteSame(HtmlWriter html, string summary, KeyValuePair<string, string>[] same) => html.Element("details", () =>
    {
        html.Element("summary", summary);
        html.Element("dl", () =>
        {
            foreach ((string name, string text) in same)
            {
                html.Element("div", () =>
                {
                    html.Element("dt", name);
                    html.Element("dd", text);
                });
            }
        });
    });
}
