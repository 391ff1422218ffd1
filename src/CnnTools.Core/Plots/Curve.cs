namespace CnnTools.Plots;

/// <param name="X">Finite.</param>
/// <param name="Y">Finite, or NaN where the figure is none that a scale can hold.</param>
internal readonly record struct CurvePoint(double X, double Y);

/// <summary>A line in a plot.</summary>
/// <param name="Run">Which of the plot's runs it belongs to, by index.</param>
/// <param name="Kind">Which line of its run it is.</param>
/// <param name="Points">From left to right.</param>
internal sealed record Curve(int Run, CurveKind Kind, IReadOnlyList<CurvePoint> Points);

/// <summary>The curves that share a scale.</summary>
/// <param name="Title">What their values are.</param>
/// <param name="IsShare">Whether these are shares of one.</param>
internal sealed record CurvePanel(string Title, bool IsShare, IReadOnlyList<Curve> Curves)
{
    public IEnumerable<CurvePoint> Points => Curves.SelectMany(curve => curve.Points);
}

internal enum CurveKind
{
    Train,
    Validation,
    Test,

    /// <summary>The loss of single steps.</summary>
    Steps,

    /// <summary>A figure that belongs to no split.</summary>
    Figure,
}
