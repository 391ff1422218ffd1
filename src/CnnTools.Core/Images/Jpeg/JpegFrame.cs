namespace CnnTools.Images.Jpeg;

/// <summary>How the colours of a JPEG are stored.</summary>
internal enum JpegColors
{
    Grey,
    Rgb,
    YCbCr,
}

/// <summary>One component of a frame.</summary>
/// <param name="Id">By which scans name it.</param>
/// <param name="Horizontal">Its samples in a row, in proportion to the other components'.</param>
/// <param name="Vertical">Its samples in a column, in proportion to the other components'.</param>
/// <param name="Quantizer">Which table its coefficients were divided by.</param>
internal readonly record struct JpegComponent(byte Id, int Horizontal, int Vertical, int Quantizer);

/// <summary>What a frame header says: sizes are in pixels, as stored.</summary>
internal sealed record JpegFrame(int Width, int Height, bool Progressive, IReadOnlyList<JpegComponent> Components)
{
    /// <summary>Samples in a row and in a column of a block.</summary>
    public const int BlockSide = 8;

    /// <summary>Samples of a block.</summary>
    public const int BlockSize = BlockSide * BlockSide;

    /// <summary>
    /// Where the coefficients of a block stand, in the order that files have them; the last 16 are for runs of broken files
    /// that end beyond the block.
    /// </summary>
    public static ReadOnlySpan<byte> Zigzag =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
        12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
        58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
        63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    ];

    private readonly int _mostHorizontal = Components.Max(component => component.Horizontal);
    private readonly int _mostVertical = Components.Max(component => component.Vertical);

    /// <summary>How often an interleaved scan's unit stands in a row, and in a column.</summary>
    public (int Across, int Down) Units =>
        (Ceiling(Width, BlockSide * _mostHorizontal), Ceiling(Height, BlockSide * _mostVertical));

    /// <summary>Whether each component's samples are a whole number of pixels wide and high.</summary>
    public bool IsWhole =>
        Components.All(component => _mostHorizontal % component.Horizontal == 0 && _mostVertical % component.Vertical == 0);

    /// <summary>How many pixels a component's sample is wide and high.</summary>
    public (int Horizontal, int Vertical) PixelsOf(JpegComponent component) =>
        (_mostHorizontal / component.Horizontal, _mostVertical / component.Vertical);

    /// <summary>A component's width and height in samples.</summary>
    public (int Width, int Height) SizeOf(JpegComponent component) =>
        (Ceiling(Width * component.Horizontal, _mostHorizontal), Ceiling(Height * component.Vertical, _mostVertical));

    /// <summary>How many blocks hold a component's samples, in a row and in a column.</summary>
    public (int Across, int Down) BlocksOf(JpegComponent component)
    {
        (int width, int height) = SizeOf(component);
        return (Ceiling(width, BlockSide), Ceiling(height, BlockSide));
    }

    private static int Ceiling(int value, int divisor) => (value + divisor - 1) / divisor;
}
