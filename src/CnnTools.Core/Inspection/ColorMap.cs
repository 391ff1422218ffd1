namespace CnnTools.Inspection;

/// <summary>Colours that stand for values, from the least to the largest.</summary>
public enum ColorMap
{
    /// <summary>Black to white.</summary>
    Gray,

    /// <summary>Violet, blue, green, yellow, in the manner of matplotlib's map of this name; lightness rises evenly.</summary>
    Viridis,

    /// <summary>Black, violet, red, orange, nearly white; lightness rises evenly.</summary>
    Heat,

    /// <summary>Blue below zero, red above; zero is nearly white, and both sides reach equally far.</summary>
    BlueRed,
}
