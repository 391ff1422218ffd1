namespace CnnTools.Plots;

public readonly record struct CurvePoint(double X, double Y);

/// <summary>A line in a plot.</summary>
/// <param name="Run">Which of the plot's runs it belongs to, by index.</param>
/// <param name="Kind">Which line of its run it is.</param>
/// <param name="Points">From left to right; finite.</param>
public sealed record Curve(int Run, CurveKind Kind, IReadOnlyList<CurvePoint> Points);

/// <summary>The curves that share a scale.</summary>
/// <param name="Title">What their values are.</param>
public sealed record CurvePanel(string Title, IReadOnlyList<Curve> Curves);

public enum CurveKind
{
    Train,
    Validation,
    Test,

    /// <summary>The loss of single steps.</summary>
    Steps,

    /// <summary>A figure that belongs to no split.</summary>
    Figure,
}
