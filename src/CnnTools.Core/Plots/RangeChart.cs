using System.Globalization;
using CnnTools.Drawing;
using CnnTools.Training;
using static CnnTools.Drawing.SvgCanvas;

namespace CnnTools.Plots;

/// <summary>A range test as a picture: the loss over the logarithm of the learning rate, and the suggestion.</summary>
internal sealed class RangeChart
{
    private const double Width = 900;
    private const double Right = 36;
    private const double PanelHeight = 320;
    private const double TitleHeight = 34;
    private const double Bottom = 52;

    // Single losses leap high where the rate is too large; the smoothed one is what matters.
    private const double MostAbove = 1.5;

    private readonly LearningRateRange _range;
    private readonly string _title;
    private readonly string _suggestion;
    private readonly Scale _horizontal;
    private readonly Scale _vertical;
    private readonly Legend _legend;
    private readonly double _left;
    private readonly double _top;
    private readonly double _most;

    /// <exception cref="CnnException">There is no step to draw.</exception>
    public RangeChart(LearningRateRange range, string? title, bool logarithmic)
    {
        LearningRateStep[] steps = [.. range.Steps];
        if (steps.Length == 0 || (logarithmic && steps.Any(step => step.Loss <= 0)))
        {
            throw Errors.NothingToPlot(logarithmic);
        }

        (_range, _title) = (range, title ?? $"{range.Model} on {range.Dataset}: range test");
        _suggestion = string.Create(CultureInfo.InvariantCulture, $"suggestion {range.LearningRate:0.##e+0}");
        double least = steps.Min(step => Math.Min(step.Loss, step.SmoothedLoss));
        double most = Math.Min(steps.Max(step => step.Loss), MostAbove * steps.Max(step => step.SmoothedLoss));
        double[] losses = logarithmic ? Ticks.Logarithmic(least, most) : Ticks.Linear(least < most * 0.3 ? Math.Min(least, 0) : least, most, 6);
        _most = losses[^1];
        _left = 22 + Ticks.Format(losses).Max(label => PlotStyle.WidthOf(label, PlotStyle.SmallSize));
        _legend = new([LegendEntries()], Width - Right - _left);
        _top = TitleHeight + _legend.Height + 36;
        _vertical = new(losses, _top + PanelHeight, _top, logarithmic);
        _horizontal = new(Ticks.Logarithmic(steps[0].LearningRate, steps[^1].LearningRate), _left, Width - Right, logarithmic: true);
    }

    private static string Smoothed => PlotStyle.ColorOf(CurveKind.Train);

    private static string Marked => PlotStyle.ColorOf(CurveKind.Test);

    public string Draw() => SvgCanvas.Draw(Width, _top + PanelHeight + Bottom, _title, PlotStyle.Font, canvas =>
    {
        canvas.Text(_left, 26, Label.Shorten(_title, 80), PlotStyle.TitleSize, ("font-weight", "bold"));
        _legend.DrawOn(canvas, _left, TitleHeight + 4);
        canvas.Text(_left, _top - 10, "Loss", PlotStyle.TextSize, ("font-weight", "bold"), ("fill-opacity", "0.8"));
        DrawGrid(canvas);
        DrawCurve(canvas, "loss of each step", step => step.Loss, PlotStyle.Frame, "1.2");
        DrawCurve(canvas, "smoothed", step => step.SmoothedLoss, Smoothed, "2");
        DrawSuggestion(canvas);
        canvas.Text((_left + Width - Right) / 2, _top + PanelHeight + Bottom - 12, "Learning rate", PlotStyle.TextSize, ("text-anchor", "middle"));
    });

    private LegendEntry[] LegendEntries() =>
    [
        new("loss of each step", PlotStyle.Frame, "none"),
        new("smoothed", Smoothed, "none"),
        new(_suggestion, Marked, "7 4"),
    ];

    private void DrawGrid(SvgCanvas canvas)
    {
        foreach ((double y, string label) in _vertical.Ticks)
        {
            canvas.Path($"M{Number(_left)},{Number(y)} H{Number(Width - Right)}", ("stroke", PlotStyle.Grid));
            canvas.Text(_left - 8, y + 4, label, PlotStyle.SmallSize, ("text-anchor", "end"));
        }

        foreach ((double x, string label) in _horizontal.Ticks)
        {
            canvas.Path($"M{Number(x)},{Number(_top)} v{Number(PanelHeight)}", ("stroke", PlotStyle.Grid));
            canvas.Text(x, _top + PanelHeight + 16, label, PlotStyle.SmallSize, ("text-anchor", "middle"));
        }

        canvas.Rectangle(_left, _top, Width - Right - _left, PanelHeight, ("fill", "none"), ("stroke", PlotStyle.Frame));
    }

    /// <summary>A line through all steps; what lies above the picture runs along its edge.</summary>
    private void DrawCurve(SvgCanvas canvas, string name, Func<LearningRateStep, double> figure, string color, string width) => canvas.Group("g", () =>
    {
        canvas.Title(name);
        IEnumerable<string> points = _range.Steps.Select(step =>
            $"{Number(_horizontal.Of(step.LearningRate))},{Number(_vertical.Of(Math.Min(figure(step), _most)))}");
        canvas.Path($"M{string.Join(" L", points)}",
            ("fill", "none"), ("stroke", color), ("stroke-width", width), ("stroke-linejoin", "round"));
    });

    private void DrawSuggestion(SvgCanvas canvas) => canvas.Group("g", () =>
    {
        double x = _horizontal.Of(_range.LearningRate);
        canvas.Title(_suggestion);
        canvas.Path($"M{Number(x)},{Number(_top)} v{Number(PanelHeight)}", ("stroke", Marked), ("stroke-width", "1.5"), ("stroke-dasharray", "7 4"));
        if (_range.Steps.FirstOrDefault(step => step.LearningRate == _range.LearningRate) is { } step)
        {
            canvas.Circle(x, _vertical.Of(step.SmoothedLoss), 4, ("fill", Marked));
        }
    });
}
