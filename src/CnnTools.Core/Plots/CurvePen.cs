using CnnTools.Drawing;
using static CnnTools.Drawing.SvgCanvas;

namespace CnnTools.Plots;

/// <summary>Draws a curve between two scales. Where its figures are NaN, a gap is left and a mark set.</summary>
/// <param name="gaps">The height of the marks, in pixels.</param>
internal sealed class CurvePen(SvgCanvas canvas, Scale horizontal, Scale vertical, string color, string dashes, double gaps)
{
    private const int MostMarkers = 40;

    // About one for every two pixels.
    private const int Groups = 400;

    /// <summary>A line, with its points where they are few or alone.</summary>
    public void DrawLine(IReadOnlyList<CurvePoint> all)
    {
        CurvePoint[] points = Downsampling.KeepPeaks(all, Groups);
        foreach (ArraySegment<CurvePoint> stretch in Downsampling.Stretches(points, point => point.Y))
        {
            if (double.IsNaN(stretch[0].Y))
            {
                DrawGap(stretch[0].X, stretch[^1].X);
                continue;
            }

            if (stretch.Count > 1)
            {
                canvas.Path(PathOf(stretch.Select(point => (point.X, point.Y))),
                    ("fill", "none"), ("stroke", color), ("stroke-width", points.Length > MostMarkers * 4 ? "1.2" : "2"),
                    ("stroke-linejoin", "round"), ("stroke-dasharray", dashes));
            }

            bool marked = points.Length <= MostMarkers || stretch.Count == 1;
            foreach (CurvePoint point in stretch.Where(_ => marked))
            {
                canvas.Circle(horizontal.Of(point.X), vertical.Of(point.Y), 2.6, ("fill", color));
            }
        }
    }

    /// <summary>The mean of neighbours as a thin line, and as a band how far they spread.</summary>
    public void DrawSteps(IReadOnlyList<CurvePoint> all)
    {
        PointGroup[] groups = Downsampling.Group(all, Groups);
        foreach (ArraySegment<PointGroup> stretch in Downsampling.Stretches(groups, group => group.Mean))
        {
            if (double.IsNaN(stretch[0].Mean))
            {
                DrawGap(stretch[0].X, stretch[^1].X);
                continue;
            }

            if (groups.Length < all.Count)
            {
                canvas.Path(PathOf(stretch.Select(g => (g.X, g.Maximum)).Concat(stretch.Reverse().Select(g => (g.X, g.Minimum)))) + " Z",
                    ("fill", color), ("fill-opacity", "0.22"));
            }

            if (stretch.Count == 1)
            {
                canvas.Circle(horizontal.Of(stretch[0].X), vertical.Of(stretch[0].Mean), 1.6, ("fill", color), ("fill-opacity", "0.65"));
            }

            canvas.Path(PathOf(stretch.Select(g => (g.X, g.Mean))),
                ("fill", "none"), ("stroke", color), ("stroke-opacity", "0.65"), ("stroke-linejoin", "round"));
        }
    }

    /// <summary>The path of the mark.</summary>
    public static string Cross(double x, double y) => $"M{Number(x - 4)},{Number(y - 4)} l8,8 m0,-8 l-8,8";

    /// <summary>A mark where figures end, and dots as far as there are none.</summary>
    private void DrawGap(double from, double to)
    {
        double x = horizontal.Of(from);
        canvas.Path(Cross(x, gaps), ("fill", "none"), ("stroke", color), ("stroke-width", "1.5"));
        canvas.Path($"M{Number(x)},{Number(gaps)} H{Number(horizontal.Of(to))}", ("stroke", color), ("stroke-dasharray", "1 4"));
    }

    private string PathOf(IEnumerable<(double X, double Y)> points) =>
        "M" + string.Join(" L", points.Select(point => $"{Number(horizontal.Of(point.X))},{Number(vertical.Of(point.Y))}"));
}
