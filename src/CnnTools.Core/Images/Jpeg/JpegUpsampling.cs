namespace CnnTools.Images.Jpeg;

/// <summary>
/// A JPEG's planes made pixels: subsampled ones interpolated and colours converted as libjpeg does it, and with it Pillow
/// and torchvision, to the bit.
/// </summary>
internal static class JpegUpsampling
{
    // Colours of YCbCr in 65536ths.
    private const int Bits = 16;
    private const int Half = 1 << (Bits - 1);
    private const int RedOfCr = 91881;
    private const int GreenOfCb = 22554;
    private const int GreenOfCr = 46802;
    private const int BlueOfCb = 116130;
    private const int Middle = 128;

    /// <summary>Writes the pixels.</summary>
    /// <param name="planes">Of the frame's components, with their samples.</param>
    public static void Write(JpegFrame frame, JpegColors colors, JpegPlane[] planes, UprightPlanes to)
    {
        // The last sample of a row may reach beyond the last pixel.
        byte[][] rows = [.. planes.Select(plane => new byte[plane.Width * plane.PixelsOfSample.Horizontal])];
        int[] sums = new int[frame.Width];
        for (int y = 0; y < frame.Height; y++)
        {
            for (int c = 0; c < rows.Length; c++)
            {
                WriteRow(planes[c], y, rows[c], sums);
            }

            if (colors == JpegColors.YCbCr)
            {
                ToRgb(rows[0].AsSpan(0, frame.Width), rows[1], rows[2]);
            }

            for (int c = 0; c < rows.Length; c++)
            {
                to.Put(c, y, rows[c].AsSpan(0, frame.Width));
            }
        }
    }

    /// <summary>
    /// A row of pixels of one component. Halved sides are interpolated, 3 parts of the nearer sample and 1 of the farther,
    /// and the rounding alternates; other samples are repeated.
    /// </summary>
    private static void WriteRow(JpegPlane plane, int y, Span<byte> row, Span<int> sums)
    {
        int width = plane.Width;
        (int Horizontal, int Vertical) pixels = plane.PixelsOfSample;
        int near = y / pixels.Vertical;
        bool isUpper = y % 2 == 0;
        ReadOnlySpan<byte> nearer = plane.Row(near);
        ReadOnlySpan<byte> farther = plane.Row(Math.Clamp(isUpper ? near - 1 : near + 1, 0, plane.Height - 1));
        switch (pixels)
        {
            case (1, 1):
                nearer.CopyTo(row);
                break;
            case (1, 2):
                int bias = isUpper ? 1 : 2;
                for (int x = 0; x < width; x++)
                {
                    row[x] = (byte)(((3 * nearer[x]) + farther[x] + bias) >> 2);
                }

                break;
            case (2, 1) when width > 2:
                for (int x = 0; x < width; x++)
                {
                    sums[x] = nearer[x];
                }

                Widen(sums[..width], row, 2, 1, 2);
                break;
            case (2, 2) when width > 2:
                for (int x = 0; x < width; x++)
                {
                    sums[x] = (3 * nearer[x]) + farther[x];
                }

                Widen(sums[..width], row, 4, 8, 7);
                break;
            default:
                for (int x = 0; x < width; x++)
                {
                    row.Slice(x * pixels.Horizontal, pixels.Horizontal).Fill(nearer[x]);
                }

                break;
        }
    }

    /// <summary>Twice as many values: of each the left and the right half.</summary>
    private static void Widen(ReadOnlySpan<int> values, Span<byte> row, int shift, int leftBias, int rightBias)
    {
        int last = values.Length - 1;
        for (int x = 0; x <= last; x++)
        {
            int left = x > 0 ? values[x - 1] : values[0];
            int right = x < last ? values[x + 1] : values[last];
            row[2 * x] = (byte)(((3 * values[x]) + left + leftBias) >> shift);
            row[(2 * x) + 1] = (byte)(((3 * values[x]) + right + rightBias) >> shift);
        }
    }

    /// <summary>Y, Cb and Cr become red, green and blue in place.</summary>
    private static void ToRgb(Span<byte> first, Span<byte> second, Span<byte> third)
    {
        for (int x = 0; x < first.Length; x++)
        {
            int luma = first[x];
            int cb = second[x] - Middle;
            int cr = third[x] - Middle;
            first[x] = Clamp(luma + (((RedOfCr * cr) + Half) >> Bits));
            second[x] = Clamp(luma + ((Half - (GreenOfCb * cb) - (GreenOfCr * cr)) >> Bits));
            third[x] = Clamp(luma + (((BlueOfCb * cb) + Half) >> Bits));
        }
    }

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);
}
