using CnnTools.Backends;

namespace CnnTools.Images;

/// <summary>Many images in one picture: tiles in rows on white, each with its caption below.</summary>
public static class ImageGrid
{
    /// <summary>Tiles in a row, where there are that many.</summary>
    public const int DefaultColumns = 10;

    // Captions of ten letters fit under the smallest tile that is drawn by default.
    private const int LeastTile = 64;
    private const int Gap = 4;
    private const int CaptionHeight = BitmapFont.Height + 3;
    private const byte White = 255;

    /// <summary>
    /// Draws the grid. A cell is as large as the largest image; smaller ones stand in its middle. Whole scales repeat pixels,
    /// so that each is seen as it is.
    /// </summary>
    /// <param name="columns">Tiles in a row, at least 1.</param>
    /// <param name="scale">Pixels in the picture for one of an image, at least 1; null makes tiles 64 pixels wide or more.</param>
    /// <returns>Grey where all images are, else in colour.</returns>
    /// <exception cref="CnnException">There are no images, or the picture would be too large.</exception>
    public static CnnImage Draw(IReadOnlyList<CnnImage> images, int columns, int? scale)
    {
        if (images.Count == 0)
        {
            throw Errors.NoImagesForGrid();
        }

        int width = images.Max(image => image.Width), height = images.Max(image => image.Height);
        long factor = scale ?? Math.Max(1, ((LeastTile - 1) / width) + 1);
        columns = Math.Min(columns, images.Count);
        int rows = ((images.Count - 1) / columns) + 1;
        bool captions = images.Any(image => Caption(image).Length > 0);
        long cellWidth = (width * factor) + Gap, cellHeight = (height * factor) + Gap + (captions ? CaptionHeight : 0);
        long wholeHeight = (rows * cellHeight) + Gap, wholeWidth = (columns * cellWidth) + Gap;
        if (Math.Max(wholeHeight, wholeWidth) > ImageInfo.MostSide || wholeHeight * wholeWidth > ImageInfo.MostPixels)
        {
            throw Errors.GridTooLarge(images.Count, wholeHeight, wholeWidth);
        }

        Canvas canvas = new(images.Any(image => image.Channels == 3) ? 3 : 1, new((int)wholeHeight, (int)wholeWidth));
        for (int i = 0; i < images.Count; i++)
        {
            CnnImage image = images[i];
            int x = Gap + (int)(i % columns * cellWidth), y = Gap + (int)(i / columns * cellHeight);
            canvas.Draw(
                image, x + ((width - image.Width) * (int)factor / 2), y + ((height - image.Height) * (int)factor / 2), (int)factor);
            if (Caption(image) is { Length: > 0 } caption)
            {
                canvas.Write(BitmapFont.Fit(caption, width * (int)factor), x, y + (height * (int)factor) + 2);
            }
        }

        return new CnnImage(canvas.Pixels, canvas.Shape);
    }

    private static string Caption(CnnImage image) => image.Label ?? image.Name;

    private sealed class Canvas
    {
        public Canvas(int channels, Pair size)
        {
            Shape = new(channels, size.Vertical, size.Horizontal);
            Pixels = new byte[Shape.Count];
            Array.Fill(Pixels, White);
        }

        public Shape Shape { get; }

        public byte[] Pixels { get; }

        public void Draw(CnnImage image, int left, int top, int scale)
        {
            byte[] pixels = image.RgbPixels;
            for (int c = 0; c < Shape.Channels; c++)
            {
                int plane = Math.Min(c, image.Channels - 1) * image.Height;
                for (int y = 0; y < image.Height * scale; y++)
                {
                    ReadOnlySpan<byte> from = pixels.AsSpan((plane + (y / scale)) * image.Width, image.Width);
                    Span<byte> to = Row(c, top + y)[left..];
                    for (int x = 0; x < image.Width * scale; x++)
                    {
                        to[x] = from[x / scale];
                    }
                }
            }
        }

        public void Write(string text, int left, int top)
        {
            for (int c = 0; c < Shape.Channels; c++)
            {
                for (int y = 0; y < BitmapFont.Height; y++)
                {
                    Span<byte> row = Row(c, top + y);
                    for (int x = 0; x < text.Length * BitmapFont.Advance; x++)
                    {
                        int column = x % BitmapFont.Advance;
                        if (column < BitmapFont.Width && left + x < row.Length && BitmapFont.IsSet(text[x / BitmapFont.Advance], y, column))
                        {
                            row[left + x] = 0;
                        }
                    }
                }
            }
        }

        private Span<byte> Row(int channel, int row) => Pixels.AsSpan(((channel * Shape.Height) + row) * Shape.Width, Shape.Width);
    }
}
