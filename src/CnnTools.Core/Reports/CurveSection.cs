using System.Text.Json;
using CnnTools.Plots;
using CnnTools.Training;

namespace CnnTools.Reports;

/// <summary>
/// The curves of losses and accuracies: a picture, and the numbers from which the page's script makes charts in its place
/// that answer to the reader.
/// </summary>
internal static class CurveSection
{
    // A page of many runs stays small enough to be opened: a curve keeps fewer points.
    private const int MostPoints = 200_000;
    private const int MostGroups = 400;
    private const int LeastGroups = 25;

    private static readonly CurveKind[] Splits = [CurveKind.Train, CurveKind.Validation, CurveKind.Test];

    /// <summary>False where there are no curves.</summary>
    public static bool Write(HtmlWriter html, IReadOnlyList<ReportedRun> runs)
    {
        CurvePanel[] panels = [.. Gather(runs)];
        if (panels.Length == 0)
        {
            return false;
        }

        string[] names = [.. runs.Select(run => run.Run.Name)];
        html.Element("div", () => html.Raw(Draw(names, panels)), ("class", "charts paper"), ("id", "charts"));
        html.Element("script", () => html.Raw(ToJson(names, ReportedRun.BriefNames(runs), panels)), ("type", "application/json"), ("id", "curve-data"));
        return true;
    }

    private static IEnumerable<CurvePanel> Gather(IReadOnlyList<ReportedRun> runs)
    {
        CurvePanel[] all =
        [
            Panel("Loss", isShare: false, epoch => epoch.TrainLoss, epoch => epoch.ValidationLoss, epoch => epoch.TestLoss),
            Panel("Accuracy", isShare: true,
                epoch => epoch.TrainAccuracy, epoch => epoch.ValidationAccuracy, epoch => epoch.TestAccuracy),
        ];
        int groups = Math.Clamp(MostPoints / Math.Max(1, 2 * all.Sum(panel => panel.Curves.Count)), LeastGroups, MostGroups);
        return
            from panel in all
            where panel.Curves.Count > 0
            select panel with { Curves = [.. panel.Curves.Select(c => c with { Points = Downsampling.KeepPeaks(c.Points, groups) })] };

        CurvePanel Panel(string title, bool isShare, params Func<EpochRecord, double?>[] figures) => new(title, isShare,
        [
            .. from run in runs.Index()
               from split in Splits.Zip(figures)
               let points = PointsOf(run.Item.Epochs, split.Second)
               where points.Length > 0
               select new Curve(run.Index, split.First, points),
        ]);
    }

    private static CurvePoint[] PointsOf(IReadOnlyList<EpochRecord> epochs, Func<EpochRecord, double?> figure) =>
    [
        .. from epoch in epochs
           let value = figure(epoch)
           where value is not null
           select new CurvePoint(epoch.Epoch, double.IsFinite(value.Value) ? value.Value : double.NaN),
    ];

    /// <summary>What stands there without the script. The declaration of XML is none of HTML.</summary>
    private static string Draw(string[] names, CurvePanel[] panels)
    {
        string svg = new CurveChart("Losses and accuracies", PlotAxis.Epoch, [.. names], panels, logarithmic: false).Draw();
        return svg[svg.IndexOf("<svg", StringComparison.Ordinal)..];
    }

    private static string ToJson(string[] names, string[] briefs, CurvePanel[] panels) => JsonSerializer.Serialize(new
    {
        runs = names.Zip(briefs).Select((pair, index) => new { name = pair.First, brief = pair.Second, color = RunColor.Of(index) }),
        splits = Splits.Select(split => new { name = PlotStyle.NameOf(split), dashes = PlotStyle.DashesOf(split), color = RunColor.Of(split) }),
        charts = panels.Select(panel => new
        {
            title = panel.Title,
            share = panel.IsShare,
            curves = panel.Curves.Select(curve => new
            {
                run = curve.Run,
                split = Array.IndexOf(Splits, curve.Kind),
                x = curve.Points.Select(point => point.X),
                y = curve.Points.Select(point => double.IsNaN(point.Y) ? (double?)null : point.Y),
            }),
        }),
    });
}
