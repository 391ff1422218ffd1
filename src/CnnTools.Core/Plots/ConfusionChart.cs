using System.Collections.Immutable;
using System.Globalization;
using CnnTools.Drawing;
using CnnTools.Training;
using static CnnTools.Drawing.SvgCanvas;

namespace CnnTools.Plots;

/// <summary>A confusion matrix as a picture: a square for each pair of classes, what is right blue and what is wrong orange.</summary>
internal sealed class ConfusionChart
{
    private const double LeftMargin = 44;
    private const double Right = 24;
    private const double Bottom = 20;
    private const double TitleHeight = 50;
    private const double LeastSide = 112;
    private const int LongestName = 28;

    // Below this, a square holds no number, and names would touch.
    private const double LeastForText = 8;

    private static readonly (int, int, int) RightColor = (0x1f, 0x5f, 0xa8);
    private static readonly (int, int, int) WrongColor = (0xc9, 0x4f, 0x12);

    private readonly string _title;
    private readonly string[] _classes;
    private readonly string[] _names;
    private readonly ImmutableArray<ImmutableArray<int>> _counts;
    private readonly double _cell;
    private readonly double _nameSize;
    private readonly double _left;
    private readonly double _top;

    public ConfusionChart(Evaluation evaluation, string? title)
    {
        _title = title ?? string.Create(CultureInfo.InvariantCulture,
            $"{evaluation.Model} on {evaluation.Dataset}, {evaluation.Split.ToLowerInvariant()} split: accuracy {evaluation.Accuracy:0.####}");
        _classes = [.. evaluation.Classes.Select(c => c.Class)];
        string[] cut = Array.ConvertAll(_classes, name => Label.Shorten(name, LongestName));
        _names = cut.Distinct().Count() == cut.Length ? cut : Names.Shorten(_classes, many: LongestName, most: LongestName);
        _counts = evaluation.ConfusionMatrix;
        int classes = _counts.Length;
        int widest = _counts.SelectMany(row => row).DefaultIfEmpty().Max().ToString(CultureInfo.InvariantCulture).Length;
        _cell = classes <= 30 ? Math.Ceiling(Math.Max(Math.Max(26, LeastSide / classes), PlotStyle.WidthOf(new('0', widest), PlotStyle.SmallSize) + 8))
            : classes <= 120 ? 12 : Math.Max(1, Math.Floor(1440.0 / classes));
        _nameSize = Math.Min(PlotStyle.SmallSize, _cell - 1);
        double name = _cell < LeastForText ? 0 : _names.Max(n => PlotStyle.WidthOf(n, _nameSize)) + 8;
        _left = LeftMargin + name;

        // Names of columns stand upright below the matrix's head line, unless they are as short as the squares.
        _top = TitleHeight + 22 + (NamesLieDown ? 18 : name);
    }

    private bool HasNumbers => _cell >= 20;

    private bool NamesLieDown => _names.All(n => PlotStyle.WidthOf(n, _nameSize) <= _cell - 2);

    public string Draw()
    {
        double side = _cell * _counts.Length;
        double width = Math.Max(_left + side + Right, LeftMargin + PlotStyle.WidthOf(_title, PlotStyle.TitleSize) + Right);
        return SvgCanvas.Draw(width, _top + side + Bottom, _title, PlotStyle.Font, canvas =>
        {
            canvas.Text(20, 26, _title, PlotStyle.TitleSize, ("font-weight", "bold"));
            canvas.Text(_left + (side / 2), TitleHeight + 8, "predicted class", PlotStyle.TextSize, ("text-anchor", "middle"), ("fill-opacity", "0.8"));
            (string x, string y) = ("26", Number(_top + (side / 2)));
            canvas.Text(26, _top + (side / 2), "true class", PlotStyle.TextSize,
                ("text-anchor", "middle"), ("fill-opacity", "0.8"), ("transform", $"rotate(-90 {x} {y})"));
            DrawNames(canvas);
            for (int row = 0; row < _counts.Length; row++)
            {
                DrawRow(canvas, row);
            }

            canvas.Rectangle(_left, _top, side, side, ("fill", "none"), ("stroke", PlotStyle.Frame));
        });
    }

    private void DrawNames(SvgCanvas canvas)
    {
        for (int i = 0; i < _names.Length && _cell >= LeastForText; i++)
        {
            double middle = (i + 0.5) * _cell;
            double below = middle + (_nameSize * 0.36);
            canvas.Text(_left - 6, _top + below, _names[i], _nameSize, ("text-anchor", "end"));
            (double x, double y) = NamesLieDown ? (_left + middle, _top - 7) : (_left + below, _top - 6);
            canvas.Text(x, y, _names[i], _nameSize, NamesLieDown
                ? ("text-anchor", "middle")
                : ("transform", $"rotate(-90 {Number(x)} {Number(y)})"));
        }
    }

    private void DrawRow(SvgCanvas canvas, int row)
    {
        double images = Math.Max(1, _counts[row].Sum());
        double y = _top + (row * _cell);
        for (int column = 0; column < _counts[row].Length; column++)
        {
            int count = _counts[row][column];
            if (count == 0)
            {
                continue;
            }

            // The root: one image in a hundred is to be seen.
            double shade = Math.Sqrt(count / images);
            double x = _left + (column * _cell);
            string number = count.ToString(CultureInfo.InvariantCulture);
            canvas.Group("g", () =>
            {
                canvas.Title($"{_classes[row]} taken for {_classes[column]}: {number}");
                canvas.Rectangle(x, y, _cell, _cell, ("fill", Shade(column == row ? RightColor : WrongColor, shade)));
                if (HasNumbers)
                {
                    canvas.Text(x + (_cell / 2), y + (_cell / 2) + 4, number, PlotStyle.SmallSize,
                        ("text-anchor", "middle"), ("style", shade > 0.6 ? "fill:#ffffff" : "fill:#1c2430"));
                }
            });
        }
    }

    /// <summary>From white to the colour.</summary>
    private static string Shade((int Red, int Green, int Blue) color, double share)
    {
        return $"#{Mix(color.Red):x2}{Mix(color.Green):x2}{Mix(color.Blue):x2}";

        int Mix(int full) => (int)Math.Round(255 + (share * (full - 255)));
    }
}
