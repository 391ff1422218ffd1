namespace CnnTools.Images.Jpeg;

/// <summary>A component while the file is read: its coefficients, where later scans refine them, and its samples.</summary>
internal sealed class JpegPlane
{
    private const byte Middle = 128;

    private readonly short[] _coefficients;  // of all blocks, or of one
    private readonly bool _isProgressive;
    private readonly int _blocksInRow;
    private int[]? _quantizers;

    public JpegPlane(JpegFrame frame, JpegComponent component)
    {
        (Component, _isProgressive) = (component, frame.Progressive);
        (Width, Height) = frame.SizeOf(component);
        Blocks = frame.BlocksOf(component);
        PixelsOfSample = frame.PixelsOf(component);
        (int unitsAcross, int unitsDown) = frame.Units;
        _blocksInRow = unitsAcross * component.Horizontal;
        Samples = new byte[_blocksInRow * unitsDown * component.Vertical * JpegFrame.BlockSize];
        Samples.AsSpan().Fill(Middle);  // of what no scan has
        _coefficients = new short[_isProgressive ? Samples.Length : JpegFrame.BlockSize];
    }

    public JpegComponent Component { get; }

    /// <summary>In samples.</summary>
    public int Width { get; }

    /// <summary>In samples.</summary>
    public int Height { get; }

    /// <summary>How many pixels a sample is wide and high.</summary>
    public (int Horizontal, int Vertical) PixelsOfSample { get; }

    /// <summary>Those that hold the width and height; there may be more, so that units are whole.</summary>
    public (int Across, int Down) Blocks { get; }

    private byte[] Samples { get; }

    private int Stride => _blocksInRow * JpegFrame.BlockSide;

    /// <summary>Of the scan that is read.</summary>
    public JpegHuffmanTable? Dc { get; private set; }

    /// <summary>Of the scan that is read.</summary>
    public JpegHuffmanTable? Ac { get; private set; }

    /// <summary>The last block's first coefficient, to which the next one's is told.</summary>
    public int Predictor { get; set; }

    /// <summary>Samples of a row, without those beyond the width.</summary>
    public ReadOnlySpan<byte> Row(int y) => Samples.AsSpan(y * Stride, Width);

    /// <param name="quantizers">The component's table as it is now; that of its first scan counts.</param>
    public void Begin(int[] quantizers, JpegHuffmanTable? dc, JpegHuffmanTable? ac)
    {
        (Dc, Ac, Predictor) = (dc, ac, 0);
        _quantizers ??= quantizers;
    }

    /// <summary>The coefficients of a block, row by row: those of earlier scans, or zeros.</summary>
    public Span<short> Block(int x, int y)
    {
        if (_isProgressive)
        {
            return _coefficients.AsSpan(((y * _blocksInRow) + x) * JpegFrame.BlockSize, JpegFrame.BlockSize);
        }

        _coefficients.AsSpan().Clear();
        return _coefficients;
    }

    /// <summary>Makes samples of a block that is whole.</summary>
    public void Transform(int x, int y, ReadOnlySpan<short> block) =>
        JpegTransform.Apply(block, _quantizers, Samples.AsSpan(((y * Stride) + x) * JpegFrame.BlockSide), Stride);

    /// <summary>Makes samples of what all scans together have told.</summary>
    public void Finish()
    {
        if (!_isProgressive || _quantizers is null)
        {
            return;
        }

        for (int y = 0; y < Blocks.Down; y++)
        {
            for (int x = 0; x < Blocks.Across; x++)
            {
                Transform(x, y, Block(x, y));
            }
        }
    }
}
