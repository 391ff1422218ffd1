namespace CnnTools.Images;

/// <summary>Where the pixels of a file go: into planes (C, H, W), turned as the file's orientation asks.</summary>
internal readonly ref struct UprightPlanes
{
    private readonly Span<byte> _pixels;
    private readonly int _planeSize;
    private readonly int _origin;  // of the stored pixel (0, 0)
    private readonly int _stepX;  // from one stored pixel to the next
    private readonly int _stepY;

    /// <param name="pixels">Room for all values of the image, and no more.</param>
    /// <exception cref="ArgumentException">There is room for more or less.</exception>
    public UprightPlanes(Span<byte> pixels, ImageInfo info)
    {
        if (pixels.Length != info.PixelShape.Count)
        {
            throw new ArgumentException(
                $"The image has {info.PixelShape.Count} values, there is room for {pixels.Length}.", nameof(pixels));
        }

        int turn = info.Orientation;
        bool exchanged = Exchanges(turn);
        bool fromRight = turn is 2 or 3 or 7 or 8;
        bool fromBottom = turn is 3 or 4 or 6 or 7;
        (int width, int height) = exchanged ? (info.Height, info.Width) : (info.Width, info.Height);
        _pixels = pixels;
        _planeSize = width * height;
        (_stepX, _stepY) = exchanged ? (height, 1) : (1, width);
        _origin = (fromRight ? (width - 1) * _stepX : 0) + (fromBottom ? (height - 1) * _stepY : 0);
        _stepX = fromRight ? -_stepX : _stepX;
        _stepY = fromBottom ? -_stepY : _stepY;
    }

    /// <summary>What is said of the upright picture.</summary>
    /// <param name="stored">With width and height as they are in the file.</param>
    public static ImageInfo InfoOf(ImageInfo stored) =>
        Exchanges(stored.Orientation) ? stored with { Width = stored.Height, Height = stored.Width } : stored;

    /// <summary>Values of one channel in row y as it is stored, at the columns x, x + step, and so on.</summary>
    public void Put(int channel, int y, ReadOnlySpan<byte> values, int x = 0, int step = 1)
    {
        int to = _origin + (channel * _planeSize) + (y * _stepY) + (x * _stepX);
        int across = step * _stepX;
        if (across == 1)
        {
            values.CopyTo(_pixels[to..]);
            return;
        }

        foreach (byte value in values)
        {
            _pixels[to] = value;
            to += across;
        }
    }

    /// <summary>Whether the upright picture's rows are the stored one's columns.</summary>
    private static bool Exchanges(int orientation) => orientation >= 5;
}
