using System.Globalization;
using CnnTools.Drawing;
using CnnTools.Training;
using static CnnTools.Drawing.SvgCanvas;

namespace CnnTools.Plots;

/// <summary>A range test as a picture: the loss over the logarithm of the learning rate, and the suggestion.</summary>
internal sealed class RangeChart
{
    private const double PanelHeight = 320;

    // Single losses leap high where the rate is too large; the smoothed one is what matters.
    private const double MostAbove = 1.5;

    private readonly LearningRateRange _range;
    private readonly string _suggestion;
    private readonly PlotFrame _frame;
    private readonly Scale _horizontal;
    private readonly Scale _vertical;
    private readonly double _most;

    /// <exception cref="CnnException">There is no step to draw.</exception>
    public RangeChart(LearningRateRange range, string? title, bool logarithmic)
    {
        LearningRateStep[] steps = [.. range.Steps];
        if (steps.Length == 0 || (logarithmic && steps.Any(step => step.Loss <= 0)))
        {
            throw Errors.NothingToPlot(logarithmic);
        }

        _range = range;
        _suggestion = string.Create(CultureInfo.InvariantCulture, $"suggestion {range.LearningRate:0.##e+0}");
        double least = steps.Min(step => Math.Min(step.Loss, step.SmoothedLoss));
        double most = Math.Min(steps.Max(step => step.Loss), MostAbove * steps.Max(step => step.SmoothedLoss));
        double[] losses = logarithmic ? Ticks.Logarithmic(least, most) : Ticks.Linear(least < most * 0.3 ? Math.Min(least, 0) : least, most, 6);
        _most = losses[^1];
        _frame = new(title ?? $"{range.Model} on {range.Dataset}: range test", "Learning rate", [losses], [LegendEntries()]);
        _vertical = new(losses, _frame.Top + PanelHeight, _frame.Top, logarithmic);
        _horizontal = new(Ticks.Logarithmic(steps[0].LearningRate, steps[^1].LearningRate), _frame.Left, _frame.End, logarithmic: true);
    }

    private static string Smoothed => PlotStyle.ColorOf(CurveKind.Train);

    private static string Marked => PlotStyle.ColorOf(CurveKind.Test);

    public string Draw() => _frame.Draw(_frame.Top + PanelHeight, canvas =>
    {
        _frame.DrawGrid(canvas, "Loss", _horizontal, _vertical, _frame.Top, PanelHeight);
        DrawCurve(canvas, "loss of each step", step => step.Loss, PlotStyle.Frame, "1.2");
        DrawCurve(canvas, "smoothed", step => step.SmoothedLoss, Smoothed, "2");
        DrawSuggestion(canvas);
    });

    private LegendEntry[] LegendEntries() =>
    [
        new("loss of each step", PlotStyle.Frame, "none"),
        new("smoothed", Smoothed, "none"),
        new(_suggestion, Marked, "7 4"),
    ];

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
        canvas.Path($"M{Number(x)},{Number(_frame.Top)} v{Number(PanelHeight)}", ("stroke", Marked), ("stroke-width", "1.5"), ("stroke-dasharray", "7 4"));
        if (_range.Steps.FirstOrDefault(step => step.LearningRate == _range.LearningRate) is { } step)
        {
            canvas.Circle(x, _vertical.Of(step.SmoothedLoss), 4, ("fill", Marked));
        }
    });
}
