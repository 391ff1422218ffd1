using System.Globalization;
using System.Text;
using static CnnTools.Drawing.SvgCanvas;

namespace CnnTools.Drawing;

/// <summary>A picture as SVG, in a layout of our own: from top to bottom, a row a rank.</summary>
internal sealed class SvgWriter
{
    // Pixels. Letters are 0.6 times their size wide in every font that has one width.
    private const string Font = "DejaVu Sans Mono, Menlo, Consolas, monospace";
    private const double NameSize = 12;
    private const double DetailSize = 10.5;
    private const double LetterWidth = 0.6;
    private const double BoxHeight = 38;
    private const double RowGap = 20;
    private const double Margin = 50;
    private const double MostSlant = 24;
    private const int LongestName = 44;

    private readonly Picture _picture;
    private readonly string[] _names;
    private readonly LayeredLayout _layout;
    private readonly List<(Block Block, BlockFrame Frame)> _frames;
    private readonly double[] _tops;

    private SvgWriter(Picture picture)
    {
        _picture = picture;
        _names = [.. picture.Boxes.Select(box => Label.Shorten(box.Name, LongestName))];
        _layout = new([.. picture.Boxes.Select((box, i) => WidthOf(box, _names[i]))], picture.Arrows);
        _frames =
        [
            .. from block in picture.Blocks.SelectMany(b => b.All)
               where block.Height <= BlockFrame.MostHeight
               let frame = BlockFrame.Around(block, picture, _layout)
               where frame is not null
               select (block, frame),
        ];
        _tops = PlaceRows();
    }

    /// <summary>The file's text.</summary>
    public static string Draw(Picture picture) => new SvgWriter(picture).Draw();

    private string Draw()
    {
        double width = Math.Max(
            _layout.Boxes.Max(slot => slot.X + (slot.Width / 2)), _layout.Routes.SelectMany(r => r).Max(slot => slot.X));
        double titleWidth = Label.WidthOf(_picture.Title) * NameSize * LetterWidth;
        double right = Math.Max(width, titleWidth) + (2 * Margin);
        return SvgCanvas.Draw(right, _tops[^1] + BoxHeight + Margin, _picture.Title, Font, DrawOn);
    }

    private void DrawOn(SvgCanvas canvas)
    {
        canvas.Text(Margin, Margin / 2, _picture.Title, NameSize + 1, ("font-weight", "bold"));
        DrawArrowheads(canvas);
        _frames.ForEach(framed => DrawFrame(canvas, framed.Block, framed.Frame));

        for (int i = 0; i < _picture.Arrows.Count; i++)
        {
            DrawArrow(canvas, _picture.Arrows[i], _layout.Routes[i]);
        }

        for (int i = 0; i < _picture.Boxes.Count; i++)
        {
            DrawBox(canvas, _picture.Boxes[i], _names[i], _layout.Boxes[i]);
        }
    }

    private static double WidthOf(Box box, string name) => Math.Ceiling(LetterWidth * Math.Max(
        Label.WidthOf(name) * NameSize, Label.WidthOf(box.Detail) * DetailSize)) + 20;

    /// <summary>Rows lie apart as far as frames between them and the slant of arrows ask for.</summary>
    private double[] PlaceRows()
    {
        double[] gaps = [.. Enumerable.Repeat(RowGap, _layout.Ranks)];
        foreach (List<Slot> route in _layout.Routes)
        {
            for (int i = 1; i < route.Count; i++)
            {
                double slant = Math.Min(MostSlant, Math.Abs(route[i].X - route[i - 1].X) / 8);
                gaps[route[i].Rank] = Math.Max(gaps[route[i].Rank], RowGap + slant);
            }
        }

        foreach (IGrouping<int, BlockFrame> frames in _frames.Select(f => f.Frame).GroupBy(f => f.FirstRank))
        {
            gaps[frames.Key] += frames.Max(f => f.AbovePixels) - (RowGap / 2);
        }

        foreach (IGrouping<int, BlockFrame> frames in _frames.Select(f => f.Frame).GroupBy(f => f.LastRank + 1).Where(f => f.Key < gaps.Length))
        {
            gaps[frames.Key] += frames.Max(f => f.BelowPixels);
        }

        double[] tops = new double[gaps.Length];
        tops[0] = Margin;
        for (int rank = 1; rank < tops.Length; rank++)
        {
            tops[rank] = Math.Round(tops[rank - 1] + BoxHeight + gaps[rank]);
        }

        return tops;
    }

    private void DrawBox(SvgCanvas canvas, Box box, string name, Slot slot)
    {
        (string fill, string line) = Palette.Of(box.Kind);
        double x = slot.X + Margin;
        double top = _tops[slot.Rank];
        canvas.Group("g", () =>
        {
            canvas.Title($"{box.Name}: {box.Detail}");
            canvas.Rectangle(x - (slot.Width / 2), top, slot.Width, BoxHeight,
                ("rx", Number(box.IsJoin ? BoxHeight / 2 : 5)), ("fill", fill), ("stroke", line), ("stroke-width", "1.3"));
            canvas.Text(x, top + 16, name, NameSize, ("text-anchor", "middle"));
            canvas.Text(x, top + 30, box.Detail, DetailSize, ("text-anchor", "middle"), ("fill-opacity", "0.8"));
        });
    }

    /// <summary>Down through the places that it passes, straight beside the boxes of their rows and bent between rows.</summary>
    private void DrawArrow(SvgCanvas canvas, Arrow arrow, List<Slot> route)
    {
        Box to = _picture.Boxes[arrow.To];
        StringBuilder path = new($"M{Number(route[0].X + Margin)},{Number(_tops[route[0].Rank] + BoxHeight)}");
        for (int i = 1; i < route.Count; i++)
        {
            double x = route[i].X + Margin;
            double top = _tops[route[i].Rank];
            bool arrives = i == route.Count - 1;
            if (route[i].X != route[i - 1].X)
            {
                string middle = Number((top + _tops[route[i].Rank - 1] + BoxHeight) / 2);
                path.Append(CultureInfo.InvariantCulture, $" C{Number(route[i - 1].X + Margin)},{middle} {Number(x)},{middle} {Number(x)},{Number(top)}");
            }

            if (arrives || route[i + 1].X != route[i].X)
            {
                path.Append(CultureInfo.InvariantCulture, $" V{Number(arrives ? top : top + BoxHeight)}");
            }
        }

        canvas.Path(path.ToString(),
            ("fill", "none"), ("stroke", Palette.OfArrow(to)), ("stroke-width", to.IsJoin ? "2" : "1.3"),
            ("marker-end", $"url(#{HeadOf(to)})"));
    }

    private void DrawArrowheads(SvgCanvas canvas) => canvas.Group("defs", () =>
    {
        foreach (Box to in _picture.Boxes.Skip(1).DistinctBy(HeadOf))
        {
            canvas.Group("marker", () => canvas.Path("M0,0 L8,4 L0,8 Z", ("fill", Palette.OfArrow(to))),
                ("id", HeadOf(to)), ("viewBox", "0 0 8 8"), ("refX", "8"), ("refY", "4"), ("markerWidth", "8"),
                ("markerHeight", "8"), ("markerUnits", "userSpaceOnUse"), ("orient", "auto"));
        }
    });

    private static string HeadOf(Box to) => to.IsJoin ? $"to-{to.Kind}" : "to-any";

    private void DrawFrame(SvgCanvas canvas, Block block, BlockFrame frame)
    {
        double left = frame.Left + Margin;
        double top = _tops[frame.FirstRank] - frame.AbovePixels;
        double height = _tops[frame.LastRank] + BoxHeight + frame.BelowPixels - top;
        canvas.Rectangle(left, top, frame.Right - frame.Left, height,
            ("rx", "8"), ("fill", Palette.Block), ("fill-opacity", "0.08"), ("stroke", Palette.Block), ("stroke-dasharray", "4 3"));
        canvas.Text(left + 7, top + 10, LabelOf(block, frame), DetailSize, ("fill-opacity", "0.65"));
    }

    /// <summary>As much of the prefix as does not meet the arrow that enters in the frame's middle.</summary>
    private static string LabelOf(Block block, BlockFrame frame)
    {
        int letters = (int)(((frame.Right - frame.Left) / 2) / (DetailSize * LetterWidth)) - 2;
        string label = block.Prefix.Length <= letters ? block.Prefix : block.Prefix[(block.Prefix.LastIndexOf('.') + 1)..];
        return Label.Shorten(label, Math.Max(letters, 3));
    }
}
