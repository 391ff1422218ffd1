using System.Collections.Immutable;
using CnnTools.Drawing;

namespace CnnTools.Plots;

/// <summary>What a line stands for.</summary>
internal sealed record LegendEntry(string Text, string Color, string Dashes, bool IsBand = false);

/// <summary>Entries beside one another, in as many rows as they take.</summary>
internal sealed class Legend
{
    private const double RowHeight = 19;
    private const double SwatchWidth = 26;
    private const double Gap = 22;
    private const int LongestText = 48;

    private readonly ImmutableArray<(LegendEntry Entry, double X, int Row)> _placed;

    public Legend(IEnumerable<LegendEntry> entries, double width)
    {
        double x = 0;
        int row = 0;
        List<(LegendEntry, double, int)> placed = [];
        foreach (LegendEntry entry in entries.Select(e => e with { Text = Label.Shorten(e.Text, LongestText) }))
        {
            double needed = SwatchWidth + 6 + PlotStyle.WidthOf(entry.Text, PlotStyle.TextSize);
            if (x > 0 && x + needed > width)
            {
                (x, row) = (0, row + 1);
            }

            placed.Add((entry, x, row));
            x += needed + Gap;
        }

        _placed = [.. placed];
    }

    public double Height => _placed.IsEmpty ? 0 : (_placed[^1].Row + 1) * RowHeight;

    public void DrawOn(SvgCanvas canvas, double left, double top)
    {
        foreach ((LegendEntry entry, double x, int row) in _placed)
        {
            double middle = top + (row * RowHeight) + (RowHeight / 2);
            if (entry.IsBand)
            {
                canvas.Rectangle(left + x, middle - 5, SwatchWidth, 10, ("fill", entry.Color), ("fill-opacity", "0.22"));
            }

            canvas.Path($"M{SvgCanvas.Number(left + x)},{SvgCanvas.Number(middle)} h{SvgCanvas.Number(SwatchWidth)}",
                ("stroke", entry.Color), ("stroke-width", entry.IsBand ? "1" : "2"), ("stroke-dasharray", entry.Dashes));
            canvas.Text(left + x + SwatchWidth + 6, middle + 4, entry.Text, PlotStyle.TextSize);
        }
    }
}
