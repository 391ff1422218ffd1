using CnnTools.Drawing;
using static CnnTools.Drawing.SvgCanvas;

namespace CnnTools.Plots;

/// <summary>What pictures with axes share: title, legend, the panels' grids and the horizontal axis' name.</summary>
internal sealed class PlotFrame
{
    private const double Width = 900;
    private const double Right = 36;
    private const double TitleHeight = 34;
    private const double Bottom = 52;

    private readonly string _title;
    private readonly string _axis;
    private readonly Legend _legend;

    /// <param name="verticalTicks">Of each panel; their labels stand left of it.</param>
    public PlotFrame(string title, string axis, IEnumerable<double[]> verticalTicks, LegendEntry[][] legend)
    {
        (_title, _axis) = (title, axis);
        Left = 22 + verticalTicks.SelectMany(Ticks.Format).Max(label => PlotStyle.WidthOf(label, PlotStyle.SmallSize));
        _legend = new(legend, End - Left);
    }

    /// <summary>Where panels begin.</summary>
    public double Left { get; }

    /// <summary>Where they end.</summary>
    public double End { get; } = Width - Right;

    /// <summary>Where the first one begins.</summary>
    public double Top => TitleHeight + _legend.Height + 36;

    /// <param name="last">Where the last panel ends, from above.</param>
    /// <param name="drawPanels">Draws what is between legend and axis.</param>
    public string Draw(double last, Action<SvgCanvas> drawPanels) => SvgCanvas.Draw(Width, last + Bottom, _title, PlotStyle.Font, canvas =>
    {
        canvas.Text(Left, 26, Label.Shorten(_title, 80), PlotStyle.TitleSize, ("font-weight", "bold"));
        _legend.DrawOn(canvas, Left, TitleHeight + 4);
        drawPanels(canvas);
        canvas.Text((Left + End) / 2, last + Bottom - 12, _axis, PlotStyle.TextSize, ("text-anchor", "middle"));
    });

    /// <summary>A panel without its curves.</summary>
    public void DrawGrid(SvgCanvas canvas, string title, Scale horizontal, Scale vertical, double top, double height)
    {
        canvas.Text(Left, top - 10, title, PlotStyle.TextSize, ("font-weight", "bold"), ("fill-opacity", "0.8"));
        foreach ((double y, string label) in vertical.Ticks)
        {
            canvas.Path($"M{Number(Left)},{Number(y)} H{Number(End)}", ("stroke", PlotStyle.Grid));
            canvas.Text(Left - 8, y + 4, label, PlotStyle.SmallSize, ("text-anchor", "end"));
        }

        foreach ((double x, string label) in horizontal.Ticks)
        {
            canvas.Path($"M{Number(x)},{Number(top)} v{Number(height)}", ("stroke", PlotStyle.Grid));
            canvas.Text(x, top + height + 16, label, PlotStyle.SmallSize, ("text-anchor", "middle"));
        }

        canvas.Rectangle(Left, top, End - Left, height, ("fill", "none"), ("stroke", PlotStyle.Frame));
    }
}
