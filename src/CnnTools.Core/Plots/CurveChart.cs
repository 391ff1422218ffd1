using System.Collections.Immutable;
using CnnTools.Drawing;

namespace CnnTools.Plots;

/// <summary>Curves as a picture: panels below one another over one horizontal axis.</summary>
internal sealed class CurveChart
{
    private const double PanelHeight = 270;
    private const double PanelGap = 52;
    private const double GapRow = 11;

    private readonly PlotAxis _axis;
    private readonly ImmutableArray<string> _runs;
    private readonly IReadOnlyList<CurvePanel> _panels;
    private readonly ImmutableArray<CurveKind> _kinds;
    private readonly Scale[] _vertical;
    private readonly Scale _horizontal;
    private readonly PlotFrame _frame;

    public CurveChart(
        string title, PlotAxis axis, ImmutableArray<string> runs, IReadOnlyList<CurvePanel> panels, bool logarithmic)
    {
        (_axis, _runs, _panels) = (axis, runs, panels);
        _kinds = [.. panels.SelectMany(panel => panel.Curves).Select(c => c.Kind).Distinct().Where(kind => kind != CurveKind.Figure).Order()];
        double[][] ticks = [.. panels.Select(panel => VerticalTicks(panel, logarithmic && !panel.IsShare))];
        _frame = new(title, $"{axis}", ticks, LegendEntries());
        _vertical = [.. ticks.Select((t, i) => new Scale(t, TopOf(i) + PanelHeight, TopOf(i), logarithmic && !panels[i].IsShare))];
        _horizontal = HorizontalScale();
    }

    public string Draw() => _frame.Draw(TopOf(_panels.Count - 1) + PanelHeight, canvas =>
    {
        for (int i = 0; i < _panels.Count; i++)
        {
            DrawPanel(canvas, i);
        }
    });

    private double TopOf(int panel) => _frame.Top + (panel * (PanelHeight + PanelGap));

    /// <summary>A panel of one split says which, in case that no legend does.</summary>
    private static string TitleOf(CurvePanel panel) =>
        panel.Curves.Select(curve => curve.Kind).Distinct().ToArray() is [CurveKind.Train or CurveKind.Validation or CurveKind.Test] kinds
            ? $"{panel.Title}, {PlotStyle.NameOf(kinds[0])}"
            : panel.Title;

    private static double[] VerticalTicks(CurvePanel panel, bool logarithmic)
    {
        double[] values = [.. panel.Points.Select(point => point.Y).Where(double.IsFinite)];
        values = values.Length > 0 ? values : [logarithmic ? 0.1 : 0, 1];
        (double least, double most) = (values.Min(), values.Max());
        if (logarithmic)
        {
            return Ticks.Logarithmic(least, most);
        }

        // Points above one another have no course to show, only how high they are.
        bool alone = panel.Points.All(point => point.X == panel.Points.First().X);

        // Where zero is near, it belongs to the picture.
        return least > 0 && (alone || least < most * 0.3)
            ? Ticks.Linear(0, !alone ? most : panel.IsShare ? Math.Max(most, 1) : most * 1.1, 6)
            : Ticks.Linear(least, most, 6);
    }

    private Scale HorizontalScale()
    {
        double[] places = [.. _panels.SelectMany(panel => panel.Points).Select(point => point.X)];
        (double first, double last) = (places.Min(), places.Max());
        if (_axis != PlotAxis.Epoch || _panels.SelectMany(panel => panel.Curves).Any(curve => curve.Kind == CurveKind.Steps))
        {
            first = Math.Min(first, 0);
        }

        if (first == last)
        {
            return new([first], _frame.Left, _frame.End);
        }

        double[] ticks = [];
        double leastStep = _axis == PlotAxis.Seconds ? 0 : 1;
        for (int most = 12; most >= 2; most--)
        {
            ticks = Ticks.Linear(first, last, most, leastStep);
            double widest = Ticks.Format(ticks).Max(label => PlotStyle.WidthOf(label, PlotStyle.SmallSize));
            if ((widest + 16) * (ticks.Length - 1) <= _frame.End - _frame.Left)
            {
                break;
            }
        }

        return new(ticks, _frame.Left, _frame.End);
    }

    private void DrawPanel(SvgCanvas canvas, int index)
    {
        (Scale vertical, double top) = (_vertical[index], TopOf(index));
        _frame.DrawGrid(canvas, TitleOf(_panels[index]), _horizontal, vertical, top, PanelHeight);

        // Steps lie below all: they are broad.
        double gaps = top;
        foreach (Curve curve in _panels[index].Curves.OrderBy(curve => curve.Kind == CurveKind.Steps ? 0 : 1))
        {
            // Marks of several curves stand below one another, beginning again at the top.
            gaps = !HasGap(curve) ? gaps : gaps + (2 * GapRow) > top + PanelHeight ? top + GapRow : gaps + GapRow;
            CurvePen pen = new(canvas, _horizontal, vertical, ColorOf(curve), DashesOf(curve.Kind), gaps);
            canvas.Group("g", () =>
            {
                canvas.Title($"{_runs[curve.Run]} {PlotStyle.NameOf(curve.Kind)}");
                Action<IReadOnlyList<CurvePoint>> draw = curve.Kind == CurveKind.Steps ? pen.DrawSteps : pen.DrawLine;
                draw(curve.Points);
            });
        }
    }

    private static bool HasGap(Curve curve) => curve.Points.Any(point => double.IsNaN(point.Y));

    private string ColorOf(Curve curve) =>
        _runs.Length == 1 ? PlotStyle.ColorOf(curve.Kind) : PlotStyle.ColorOf(curve.Run);

    /// <summary>Where all lines are of one split, none needs dashes.</summary>
    private string DashesOf(CurveKind kind) => _kinds.Length == 1 ? "none" : PlotStyle.DashesOf(kind);

    /// <summary>Of one run its lines; of several the runs by colour, and the lines by their dashes.</summary>
    private LegendEntry[][] LegendEntries()
    {
        Curve[] curves = [.. _panels.SelectMany(panel => panel.Curves)];
        bool single = _runs.Length == 1;
        int[] runs = [.. curves.Select(c => c.Run).Distinct().Order()];
        string[] names = Names.Shorten([.. runs.Select(run => _runs[run])], many: 40, most: 96);
        IEnumerable<LegendEntry> lines = _kinds.Select(kind => new LegendEntry(
            PlotStyle.NameOf(kind), single ? PlotStyle.ColorOf(kind) : PlotStyle.Faint, DashesOf(kind),
            kind == CurveKind.Steps ? LegendShape.Band : LegendShape.Line));
        return
        [
            single ? [] : [.. runs.Zip(names, (run, name) => new LegendEntry(name, PlotStyle.ColorOf(run), "none"))],
            [
                .. single || _kinds.Length > 1 ? lines : [],
                .. curves.Any(HasGap) ? [new LegendEntry("no number", PlotStyle.Faint, "none", LegendShape.Cross)] : Array.Empty<LegendEntry>(),
            ],
        ];
    }
}
