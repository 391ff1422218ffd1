using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CnnTools.Reports;
using CnnTools.Runs;
using CnnTools.Tests.Data;

namespace CnnTools.Tests.Reports;

public sealed partial class RunReportTests : IDisposable
{
    private const string Evil = "</script><script>alert(1)</script>\"'&{{body}}";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_same_runs_and_time_give_the_same_page_in_every_culture()
    {
        CnnRun run = ReportRuns.Create(_folder, "a", [1234.5, 0.25], validation: 0.875, test: 0.75);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            string page = Draw(run);
            CultureInfo.CurrentCulture = new("de-DE");
            Assert.Equal(page, Draw(run));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        string Draw(CnnRun run)
        {
            RunReport report = new(Assert.Fail);
            report.Add(run);
            report.Add(ReportRuns.Inspect(run, [[90, 10], [0, 0]], ["cat", "dog"]));
            return report.Draw(null, DateTimeOffset.UnixEpoch);
        }
    }

    [Fact]
    public void Whatever_runs_and_classes_are_called_stays_text()
    {
        CnnRun run = ReportRuns.Create(_folder, Evil, [1], model: Evil, command: Evil);
        RunReport report = new(Assert.Fail);
        report.Add(run);
        report.Add(ReportRuns.Inspect(run, [[9, 1], [0, 0]], [Evil, "</style>"]));

        string page = report.Draw(null, DateTimeOffset.UnixEpoch);

        Assert.Equal(2, Regex.Count(page, "<script"));
        Assert.Equal(2, Regex.Count(page, "</script"));
        Assert.Single(Regex.Matches(page, "</style"));
        Assert.Single(Regex.Matches(page, "<main>"));
        Assert.Equal(Evil, Curves(page).GetProperty("runs")[0].GetProperty("name").GetString());
    }

    [Fact]
    public void Curves_have_the_numbers_of_the_log_and_gaps_where_there_are_none()
    {
        string page = Draw(ReportRuns.Create(_folder, "a", [2.5, double.NaN, 0.125]), ReportRuns.Create(_folder, "b", [1], test: 0.5));

        JsonElement[] loss = [.. Curves(page).GetProperty("charts")[0].GetProperty("curves").EnumerateArray()];
        JsonElement[] accuracy = [.. Curves(page).GetProperty("charts")[1].GetProperty("curves").EnumerateArray()];
        Assert.Equal("[2.5,null,0.125]", loss[0].GetProperty("y").GetRawText());
        Assert.Equal("[1,2,3]", loss[0].GetProperty("x").GetRawText());
        Assert.Equal(["0/0", "1/0"], loss.Select(Place));
        Assert.Equal(["0/0", "1/0", "1/2"], accuracy.Select(Place));
        Assert.Single(Regex.Matches(page, "<svg width="));

        static string Place(JsonElement curve) => $"{curve.GetProperty("run")}/{curve.GetProperty("split")}";
    }

    [Fact]
    public void A_page_of_many_long_runs_stays_small()
    {
        double[] losses = [.. Enumerable.Range(1, 2000).Select(i => 1.0 / i)];
        losses[1234] = 99;
        string page = Draw([.. Enumerable.Range(0, 200).Select(i => ReportRuns.Create(_folder, $"run {i}", i < 20 ? losses : [1]))]);

        JsonElement[] curves = [.. Curves(page).GetProperty("charts")[0].GetProperty("curves").EnumerateArray()];
        Assert.Equal(200, curves.Length);
        Assert.All(curves[..20], curve => Assert.InRange(curve.GetProperty("x").GetArrayLength(), 100, 600));
        Assert.All(curves[..20], curve => Assert.Contains(99, curve.GetProperty("y").EnumerateArray().Select(y => y.GetDouble())));
        Assert.InRange(page.Length, 1, 2_000_000);
    }

    [Fact]
    public void A_column_that_no_run_has_is_not_there_and_a_missing_figure_has_no_value()
    {
        CnnRun tested = ReportRuns.Create(_folder, "tested", [1], test: 0.75);
        Assert.DoesNotContain("Test accuracy", Heads(Draw(ReportRuns.Create(_folder, "a", [1]))));
        string page = Draw(ReportRuns.Create(_folder, "b", [1]), tested);
        Assert.Contains("Test accuracy", Heads(page));
        Assert.DoesNotContain("Validation accuracy", Heads(page));
        Assert.Contains("<td class=\"number\" data-value=\"0.75\">0.7500</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td class=\"missing\">\u2013</td>", page, StringComparison.Ordinal);

        static IEnumerable<string> Heads(string page) => Regex.Matches(page, "<th scope=\"col\"[^>]*>([^<]*)").Select(match => match.Groups[1].Value);
    }

    [Fact]
    public void Settings_that_differ_are_a_table_and_the_others_are_folded()
    {
        string page = Draw(ReportRuns.Create(_folder, "a", [1], settings: new() { Seed = 1 }), ReportRuns.Create(_folder, "b", [1], settings: new() { Seed = 22 }));

        Assert.Contains("<th scope=\"col\" class=\"number\">Seed</th>", page, StringComparison.Ordinal);
        Assert.Contains("<td class=\"number\" data-value=\"22\">22</td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<dt>Seed</dt>", page, StringComparison.Ordinal);
        Assert.Matches("<dt>Parameters</dt>\\s*<dd>1234</dd>", page);
        Assert.Contains("All settings are the same in all runs.", Draw(ReportRuns.Create(_folder, "c", [1]), ReportRuns.Create(_folder, "d", [1])), StringComparison.Ordinal);
        Assert.Matches("<dt>Seed</dt>\\s*<dd>0</dd>", Draw(ReportRuns.Create(_folder, "e", [1])));
    }

    [Fact]
    public void A_fingerprint_is_short_and_whole_where_one_points_at_it()
    {
        string fingerprint = new('a', 64);
        string page = Draw(ReportRuns.Create(_folder, "a", [1]), ReportRuns.Create(_folder, "b", [1], fingerprint: fingerprint));

        Assert.Contains(">aaaaaaaa</td>", page, StringComparison.Ordinal);
        Assert.Contains($"title=\"{fingerprint}\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain($">{fingerprint}", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_best_runs_are_found_on_the_validation_split_where_all_have_one()
    {
        CnnRun[] runs =
        [
            ReportRuns.Create(_folder, "a", [1], validation: 0.5, test: 0.9), ReportRuns.Create(_folder, "b", [1], validation: 0.75, test: 0.8),
            ReportRuns.Create(_folder, "c", [1], validation: 0.75, test: 0.7),
        ];
        Assert.Equal(["b", "c"], Report(runs).Best(2).Select(run => run.Name));
        Assert.Equal(["b", "c", "a", "none"], Report([.. runs, ReportRuns.Create(_folder, "none")]).Best(9).Select(run => run.Name));
        Assert.Equal(["a", "d", "b", "c"], Report([.. runs, ReportRuns.Create(_folder, "d", [1], test: 0.85)]).Best(9).Select(run => run.Name));
        Assert.Single(Report([runs[0], runs[0]]).Best(9));
    }

    [Fact]
    public void What_a_run_lacks_is_told_and_the_rest_stands()
    {
        List<string> warnings = [];
        RunReport report = new(warnings.Add);
        CnnRun noLog = ReportRuns.Create(_folder, "gone", [1]), begun = ReportRuns.Create(_folder, "begun");
        File.Delete(RunFolder.Open(noLog.Path).LogPath);

        report.Add(noLog);
        report.Add(begun);
        report.Add(noLog, Errors.RunDataDiffer("gone", "<Digits>"));
        string page = report.Draw(null, DateTimeOffset.UnixEpoch);

        Assert.Collection(warnings,
            warning => Assert.StartsWith("gone: its curves are not in the report.", warning, StringComparison.Ordinal),
            warning => Assert.StartsWith("gone: its model is not in the report.", warning, StringComparison.Ordinal));
        Assert.Contains("No epoch was completed, or no log can be read.", page, StringComparison.Ordinal);
        Assert.Contains("There is nothing to show of its model: &lt;Digits&gt; has not the images", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"curve-data\"", page, StringComparison.Ordinal);
        Assert.Contains("0 of 0", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_s_classes_images_and_layers_are_shown()
    {
        CnnRun run = ReportRuns.Create(_folder, "a", [1]);
        RunReport report = Report([run]);
        report.Add(ReportRuns.Inspect(run, [[81, 19], [1, 0]], ["cat", "dog"]));

        string page = report.Draw("Pets", DateTimeOffset.UnixEpoch);

        Assert.Contains("The model of best.safetensors, epoch 2, on the 100 images of the test split:", page, StringComparison.Ordinal);
        Assert.Contains("<td class=\"right heat-9\" title=\"cat taken for cat: 81\">81</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td class=\"wrong heat-5\" title=\"cat taken for dog: 19\">19</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td class=\"zero\" title=\"dog taken for dog: 0\">0</td>", page, StringComparison.Ordinal);
        Assert.Contains("alt=\"cat, taken for dog\" width=\"2\" height=\"2\" class=\"pixels\" title=\"a/file.png\"", page, StringComparison.Ordinal);
        Assert.Contains("title=\"Channel 0 of conv1: -1.0000 to 2.5000\"", page, StringComparison.Ordinal);
        Assert.Contains("Conv2d, 100x2x2, the first 1 channels", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Chosen by", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_matrix_of_many_classes_is_a_picture()
    {
        CnnRun run = ReportRuns.Create(_folder, "a");
        RunReport report = Report([run]);
        report.Add(ReportRuns.Inspect(run, [.. Enumerable.Range(0, 100).Select(i => Enumerable.Repeat(i, 100).ToArray())], [.. Enumerable.Range(0, 100).Select(i => $"c{i}")]));

        string page = report.Draw(null, DateTimeOffset.UnixEpoch);

        Assert.Contains("c1 taken for c2: 1</title>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<table class=\"confusion\">", page, StringComparison.Ordinal);
    }

    [GeneratedRegex("<script type=\"application/json\" id=\"curve-data\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex CurveData();

    private static JsonElement Curves(string page) => JsonDocument.Parse(CurveData().Match(page).Groups[1].Value).RootElement;

    private static string Draw(params CnnRun[] runs) => Report(runs).Draw(null, DateTimeOffset.UnixEpoch);

    private static RunReport Report(CnnRun[] runs)
    {
        RunReport report = new(Assert.Fail);
        foreach (CnnRun run in runs)
        {
            report.Add(run);
        }

        return report;
    }
}
