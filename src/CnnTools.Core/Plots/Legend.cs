using CnnTools.Drawing;

namespace CnnTools.Plots;

internal enum LegendShape
{
    Line,
    Band,
    Cross,
}

/// <summary>What a line stands for.</summary>
internal sealed record LegendEntry(string Text, string Color, string Dashes, LegendShape Shape = LegendShape.Line);

/// <summary>Groups of entries below one another, each in as many columns as there is room for.</summary>
internal sealed class Legend
{
    private const double RowHeight = 19;
    private const double SwatchWidth = 26;
    private const double Gap = 22;

    private readonly List<(LegendEntry Entry, double X, int Row)> _placed = [];
    private readonly int _rows;

    public Legend(IEnumerable<LegendEntry[]> groups, double width)
    {
        foreach (LegendEntry[] group in groups.Where(group => group.Length > 0))
        {
            double column = SwatchWidth + 6 + group.Max(entry => PlotStyle.WidthOf(entry.Text, PlotStyle.TextSize)) + Gap;
            int columns = Math.Max(1, (int)((width + Gap) / column));
            _placed.AddRange(group.Select((entry, i) => (entry, i % columns * column, _rows + (i / columns))));
            _rows = _placed[^1].Row + 1;
        }
    }

    public double Height => _rows * RowHeight;

    public void DrawOn(SvgCanvas canvas, double left, double top)
    {
        foreach ((LegendEntry entry, double x, int row) in _placed)
        {
            double middle = top + (row * RowHeight) + (RowHeight / 2);
            if (entry.Shape == LegendShape.Band)
            {
                canvas.Rectangle(left + x, middle - 5, SwatchWidth, 10, ("fill", entry.Color), ("fill-opacity", "0.22"));
            }

            canvas.Path(
                entry.Shape == LegendShape.Cross
                    ? CurvePen.Cross(left + x + (SwatchWidth / 2), middle)
                    : $"M{SvgCanvas.Number(left + x)},{SvgCanvas.Number(middle)} h{SvgCanvas.Number(SwatchWidth)}",
                ("stroke", entry.Color), ("stroke-width", entry.Shape == LegendShape.Band ? "1" : "2"), ("stroke-dasharray", entry.Dashes));
            canvas.Text(left + x + SwatchWidth + 6, middle + 4, entry.Text, PlotStyle.TextSize);
        }
    }
}
