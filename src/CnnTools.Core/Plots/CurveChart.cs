using System.Collections.Immutable;
using System.Text;
using CnnTools.Drawing;
using static CnnTools.Drawing.SvgCanvas;

namespace CnnTools.Plots;

/// <summary>Curves as a picture: panels below one another over one horizontal axis.</summary>
internal sealed class CurveChart
{
    private const double Width = 900;
    private const double Right = 24;
    private const double PanelHeight = 270;
    private const double PanelGap = 52;
    private const double TitleHeight = 34;
    private const double Bottom = 52;
    private const int MostMarkers = 40;

    // About one for every two pixels.
    private const int Groups = 400;

    private readonly string _title;
    private readonly PlotAxis _axis;
    private readonly ImmutableArray<string> _runs;
    private readonly IReadOnlyList<CurvePanel> _panels;
    private readonly ImmutableArray<CurveKind> _kinds;
    private readonly Scale[] _vertical;
    private readonly Scale _horizontal;
    private readonly Legend _legend;
    private readonly double _left;

    public CurveChart(
        string title, PlotAxis axis, ImmutableArray<string> runs, IReadOnlyList<CurvePanel> panels, bool logarithmic)
    {
        (_title, _axis, _runs, _panels) = (title, axis, runs, panels);
        _kinds = [.. panels.SelectMany(panel => panel.Curves).Select(c => c.Kind).Distinct().Where(kind => kind != CurveKind.Figure).Order()];
        double[][] ticks = [.. panels.Select(panel => VerticalTicks(panel, logarithmic && !IsShare(panel)))];
        _left = 22 + ticks.SelectMany(Ticks.Format).Max(label => PlotStyle.WidthOf(label, PlotStyle.SmallSize));
        _legend = new(LegendEntries, Width - Right - _left);
        _vertical = [.. ticks.Select((t, i) => new Scale(t, TopOf(i) + PanelHeight, TopOf(i), logarithmic && !IsShare(panels[i])))];
        _horizontal = HorizontalScale();
    }

    private double Height => TopOf(_panels.Count - 1) + PanelHeight + Bottom;

    public string Draw() => SvgCanvas.Draw(Width, Height, _title, PlotStyle.Font, canvas =>
    {
        canvas.Text(_left, 26, Label.Shorten(_title, 80), PlotStyle.TitleSize, ("font-weight", "bold"));
        _legend.DrawOn(canvas, _left, TitleHeight + 4);
        for (int i = 0; i < _panels.Count; i++)
        {
            DrawPanel(canvas, i);
        }

        canvas.Text((_left + Width - Right) / 2, Height - 12, $"{_axis}", PlotStyle.TextSize, ("text-anchor", "middle"));
    });

    private double TopOf(int panel) => TitleHeight + _legend.Height + 36 + (panel * (PanelHeight + PanelGap));

    /// <summary>A panel of one split says which, in case that no legend does.</summary>
    private static string TitleOf(CurvePanel panel) =>
        panel.Curves.Select(curve => curve.Kind).Distinct().ToArray() is [CurveKind.Train or CurveKind.Validation or CurveKind.Test] kinds
            ? $"{panel.Title}, {PlotStyle.NameOf(kinds[0])}"
            : panel.Title;

    /// <summary>Shares of one: a logarithmic scale would hide what matters in them.</summary>
    private static bool IsShare(CurvePanel panel) => panel.Title == "Accuracy";

    private static double[] VerticalTicks(CurvePanel panel, bool logarithmic)
    {
        IEnumerable<double> values = panel.Curves.SelectMany(curve => curve.Points).Select(point => point.Y);
        (double least, double most) = (values.Min(), values.Max());
        if (logarithmic)
        {
            return Ticks.Logarithmic(least, most);
        }

        // Where zero is near, it belongs to the picture.
        return Ticks.Linear(least > 0 && least < most * 0.3 ? 0 : least, most, 6);
    }

    private Scale HorizontalScale()
    {
        IEnumerable<double> places = _panels.SelectMany(panel => panel.Curves).SelectMany(curve => curve.Points).Select(point => point.X);
        (double first, double last) = (places.Min(), places.Max());
        if (_axis != PlotAxis.Epoch || _panels.SelectMany(panel => panel.Curves).Any(curve => curve.Kind == CurveKind.Steps))
        {
            first = 0;
        }

        double[] ticks = [];
        double leastStep = _axis == PlotAxis.Seconds ? 0 : 1;
        for (int most = 12; most >= 2; most--)
        {
            ticks = Ticks.Linear(first, last, most, leastStep);
            double widest = Ticks.Format(ticks).Max(label => PlotStyle.WidthOf(label, PlotStyle.SmallSize));
            if ((widest + 16) * (ticks.Length - 1) <= Width - Right - _left)
            {
                break;
            }
        }

        return new(ticks, _left, Width - Right);
    }

    private void DrawPanel(SvgCanvas canvas, int index)
    {
        (Scale vertical, double top) = (_vertical[index], TopOf(index));
        canvas.Text(_left, top - 10, TitleOf(_panels[index]), PlotStyle.TextSize, ("font-weight", "bold"), ("fill-opacity", "0.8"));
        foreach ((double y, string label) in vertical.Ticks)
        {
            canvas.Path($"M{Number(_left)},{Number(y)} H{Number(Width - Right)}", ("stroke", PlotStyle.Grid));
            canvas.Text(_left - 8, y + 4, label, PlotStyle.SmallSize, ("text-anchor", "end"));
        }

        foreach ((double x, string label) in _horizontal.Ticks)
        {
            canvas.Path($"M{Number(x)},{Number(top)} v{Number(PanelHeight)}", ("stroke", PlotStyle.Grid));
            canvas.Text(x, top + PanelHeight + 16, label, PlotStyle.SmallSize, ("text-anchor", "middle"));
        }

        canvas.Rectangle(_left, top, Width - Right - _left, PanelHeight, ("fill", "none"), ("stroke", PlotStyle.Frame));

        // Steps lie below all: they are broad.
        foreach (Curve curve in _panels[index].Curves.OrderBy(curve => curve.Kind == CurveKind.Steps ? 0 : 1))
        {
            canvas.Group("g", () =>
            {
                canvas.Title($"{_runs[curve.Run]} {PlotStyle.NameOf(curve.Kind)}");
                if (curve.Kind == CurveKind.Steps)
                {
                    DrawSteps(canvas, curve, vertical);
                }
                else
                {
                    DrawCurve(canvas, curve, vertical);
                }
            });
        }
    }

    /// <summary>A line, with its points where they are few.</summary>
    private void DrawCurve(SvgCanvas canvas, Curve curve, Scale vertical)
    {
        string color = ColorOf(curve);
        IReadOnlyList<CurvePoint> points = Downsampling.KeepPeaks(curve.Points, Groups);
        if (points.Count > 1)
        {
            canvas.Path(Line(points.Select(point => (point.X, point.Y)), vertical),
                ("fill", "none"), ("stroke", color), ("stroke-width", points.Count > MostMarkers * 4 ? "1.2" : "2"),
                ("stroke-linejoin", "round"), ("stroke-dasharray", DashesOf(curve.Kind)));
        }

        foreach (CurvePoint point in points.Count <= MostMarkers ? points : [])
        {
            canvas.Circle(_horizontal.Of(point.X), vertical.Of(point.Y), 2.6, ("fill", color));
        }
    }

    /// <summary>The mean of neighbours as a thin line, and as a band how far they spread.</summary>
    private void DrawSteps(SvgCanvas canvas, Curve curve, Scale vertical)
    {
        string color = ColorOf(curve);
        PointGroup[] groups = Downsampling.Group(curve.Points, Groups);
        if (groups.Length < curve.Points.Count)
        {
            IEnumerable<(double, double)> around = groups.Select(g => (g.X, g.Maximum)).Concat(groups.Reverse().Select(g => (g.X, g.Minimum)));
            canvas.Path(Line(around, vertical) + " Z", ("fill", color), ("fill-opacity", "0.22"));
        }

        canvas.Path(Line(groups.Select(g => (g.X, g.Mean)), vertical),
            ("fill", "none"), ("stroke", color), ("stroke-opacity", "0.65"), ("stroke-linejoin", "round"));
    }

    private string Line(IEnumerable<(double X, double Y)> points, Scale vertical)
    {
        StringBuilder path = new();
        foreach ((double x, double y) in points)
        {
            path.Append(path.Length == 0 ? "M" : " L").Append(Number(_horizontal.Of(x))).Append(',').Append(Number(vertical.Of(y)));
        }

        return path.ToString();
    }

    private string ColorOf(Curve curve) =>
        _runs.Length == 1 ? PlotStyle.ColorOf(curve.Kind) : PlotStyle.ColorOf(curve.Run);

    /// <summary>Where all lines are of one split, none needs dashes.</summary>
    private string DashesOf(CurveKind kind) => _kinds.Length == 1 ? "none" : PlotStyle.DashesOf(kind);

    /// <summary>Of one run its lines; of several the runs by colour, and the lines by their dashes.</summary>
    private IEnumerable<LegendEntry> LegendEntries
    {
        get
        {
            Curve[] curves = [.. _panels.SelectMany(panel => panel.Curves)];
            bool single = _runs.Length == 1;
            IEnumerable<LegendEntry> runs = curves.Select(c => c.Run).Distinct().Order()
                .Select(run => new LegendEntry(_runs[run], PlotStyle.ColorOf(run), "none"));
            IEnumerable<LegendEntry> lines = _kinds.Select(kind => new LegendEntry(
                PlotStyle.NameOf(kind), single ? PlotStyle.ColorOf(kind) : PlotStyle.Faint, DashesOf(kind), kind == CurveKind.Steps));
            return single ? lines : runs.Concat(_kinds.Length > 1 ? lines : []);
        }
    }
}
