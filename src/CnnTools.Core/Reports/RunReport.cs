using System.Globalization;
using System.Text;
using CnnTools.Runs;
using CnnTools.Training;

namespace CnnTools.Reports;

/// <summary>A page that tells of runs: gathered run by run, then drawn.</summary>
/// <param name="warn">Told what a run lacks; the rest of it is in the report.</param>
public sealed class RunReport(Action<string> warn)
{
    private readonly List<ReportedRun> _runs = [];
    private readonly List<(CnnRun Run, RunInspection? Found, string Fault)> _inspections = [];

    public bool IsEmpty => _runs.Count == 0;

    /// <summary>Adds a run with its log; one that is there already is passed over.</summary>
    public void Add(CnnRun run)
    {
        if (_runs.All(known => known.Run.Path != run.Path))
        {
            _runs.Add(new(run, ReadLog(run)));
        }
    }

    /// <summary>
    /// The runs with the highest accuracy: on the validation split, in the epoch that it selects, where all that have begun
    /// have one, else on the test split; those without go last.
    /// </summary>
    public IReadOnlyList<CnnRun> Best(int count) =>
        [.. _runs.OrderByDescending(run => HasValidation ? run.ValidationAccuracy : run.TestAccuracy).Take(count).Select(run => run.Run)];

    /// <summary>Adds what a run's model does.</summary>
    public void Add(RunInspection inspection) => _inspections.Add((inspection.Run, inspection, ""));

    /// <summary>Adds why it cannot be told what a run's model does.</summary>
    public void Add(CnnRun run, CnnException fault)
    {
        _inspections.Add((run, null, fault.Message));
        warn($"{run.Name}: its model is not in the report. {fault.Message} {fault.Remedy}");
    }

    /// <summary>The page. The same runs and the same time give the same text.</summary>
    /// <param name="title">Null is the model and the data set, where all runs have the same.</param>
    public string Draw(string? title, DateTimeOffset made)
    {
        HtmlWriter html = new();
        string heading = title ?? DefaultTitle;
        (string Id, string Title, Action Write)[] sections = [.. Sections(html)];
        html.Element("header", () => WriteHeader(html, heading, made, sections));
        html.Element("main", () =>
        {
            foreach ((string id, string name, Action write) in sections)
            {
                html.Element("section", () =>
                {
                    html.Element("h2", name);
                    write();
                }, ("id", id));
            }
        });
        return ReportPage.Of(heading, html.ToString());
    }

    /// <summary>Writes a page in UTF-8, or nothing: the file is written beside its place and renamed.</summary>
    /// <exception cref="CnnException">It cannot be written.</exception>
    public static void Write(string html, string path) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(html)));

    private bool HasValidation => _runs.TrueForAll(run => run.Run.Epoch == 0 || run.ValidationAccuracy is not null);

    private string DefaultTitle =>
        _runs.Select(run => $"{run.Run.Model} on {run.Dataset}").Distinct().ToArray() is [{ } subject] ? subject : "Trainings";

    private IEnumerable<(string Id, string Title, Action Write)> Sections(HtmlWriter html)
    {
        yield return ("runs", "Runs", () => RunTable.Write(html, _runs));
        yield return ("curves", "Curves", () => WriteCurves(html));
        yield return ("settings", "Settings", () => SettingsSection.Write(html, _runs));
        foreach ((int index, (CnnRun run, RunInspection? found, string fault)) in _inspections.Index())
        {
            yield return (string.Create(CultureInfo.InvariantCulture, $"model-{index + 1}"), $"Model of {run.Name}", () => WriteInspection(html, found, fault));
        }
    }

    private void WriteHeader(HtmlWriter html, string heading, DateTimeOffset made, (string Id, string Title, Action)[] sections)
    {
        html.Element("h1", heading);
        html.Element("p", () =>
        {
            html.Text(string.Create(CultureInfo.InvariantCulture, $"{_runs.Count} {(_runs.Count == 1 ? "run" : "runs")}, as of "));
            html.Element("time", made.ToString("d MMMM yyyy HH:mm", CultureInfo.InvariantCulture), ("datetime", made.ToString("O", CultureInfo.InvariantCulture)));
        });
        html.Element("nav", () =>
        {
            foreach ((string id, string name, _) in sections)
            {
                html.Element("a", name, ("href", $"#{id}"));
            }
        }, ("aria-label", "Sections"));
    }

    private void WriteCurves(HtmlWriter html)
    {
        if (!CurveSection.Write(html, _runs))
        {
            html.Element("p", "No epoch was completed, or no log can be read.", ("class", "absent"));
        }
    }

    private void WriteInspection(HtmlWriter html, RunInspection? found, string fault)
    {
        if (_runs.Count > 1)
        {
            html.Element("p", HasValidation
                ? "Chosen by validation accuracy."
                : "Chosen by test accuracy. That of the best one of several runs is higher than new images would give; "
                    + "with -ValidationSplit the test split has no part in the choice.");
        }

        if (found is null)
        {
            html.Element("p", $"There is nothing to show of its model: {fault}", ("class", "absent"));
            return;
        }

        InspectionSection.Write(html, found);
    }

    private IReadOnlyList<EpochRecord> ReadLog(CnnRun run)
    {
        string path = RunFolder.Open(run.Path).LogPath;
        try
        {
            return run.Epoch == 0 && !File.Exists(path) ? [] : EpochLog.Read(path);
        }
        catch (CnnException fault)
        {
            warn($"{run.Name}: its curves are not in the report. {fault.Message} {fault.Remedy}");
            return [];
        }
    }
}
