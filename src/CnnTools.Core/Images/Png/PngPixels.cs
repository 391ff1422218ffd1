using System.IO.Compression;

namespace CnnTools.Images.Png;

/// <summary>The rows of a PNG: unpacked, their filters undone, samples made bytes, and passes put in their places.</summary>
internal sealed class PngPixels(PngHeader header, RgbColor[] palette)
{
    private readonly record struct Pass(int X, int Y, int StepX, int StepY);

    // Adam7.
    private static readonly Pass[] Passes =
    [
        new(0, 0, 8, 8), new(4, 0, 8, 8), new(0, 4, 4, 8), new(2, 0, 4, 4), new(0, 2, 2, 4), new(1, 0, 2, 2), new(0, 1, 1, 2),
    ];

    private static readonly Pass Whole = new(0, 0, 1, 1);

    private readonly int _pixelSize = Math.Max(1, header.PixelBits / 8);  // to the byte that filters look back to
    private readonly byte[] _samples = new byte[header.Width];
    private readonly byte[] _colors = new byte[header.IsIndexed ? header.Width : 0];

    /// <summary>Writes the pixels.</summary>
    /// <param name="compressed">What the chunks IDAT hold together; to be read to its end is an error.</param>
    /// <exception cref="InvalidDataException">They are broken or too few.</exception>
    public void Read(Stream compressed, UprightPlanes pixels)
    {
        using ZLibStream rows = new(compressed, CompressionMode.Decompress);
        long size = header.RowSize(header.Width);
        byte[] row = new byte[1 + size];
        byte[] above = new byte[1 + size];
        foreach (Pass pass in header.Interlaced ? Passes : [Whole])
        {
            int columns = (header.Width - pass.X + pass.StepX - 1) / pass.StepX;
            int length = columns > 0 ? 1 + (int)header.RowSize(columns) : 0;
            above.AsSpan().Clear();
            for (int y = pass.Y; y < header.Height && columns > 0; y += pass.StepY)
            {
                if (Unpack(rows, row.AsSpan(0, length)) < length)
                {
                    throw new InvalidDataException(ImageReader.EndsEarly);
                }

                Undo(row[0], row.AsSpan(1, length - 1), above.AsSpan(1, length - 1));
                Put(row.AsSpan(1), columns, y, pass, pixels);
                (row, above) = (above, row);
            }
        }

        // Nobody needs what is left, but it is to be whole, with its check sum.
        Span<byte> rest = stackalloc byte[1024];
        while (Unpack(rows, rest) > 0)
        {
        }
    }

    /// <summary>Reads as many bytes as there is room for.</summary>
    /// <returns>How many there were.</returns>
    private static int Unpack(ZLibStream rows, Span<byte> bytes)
    {
        try
        {
            return rows.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (EndOfStreamException exception)
        {
            throw new InvalidDataException(ImageReader.EndsEarly, exception);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new InvalidDataException("what its pixels are compressed to is broken", exception);
        }
    }

    /// <summary>Undoes a row's filter in place.</summary>
    private void Undo(byte filter, Span<byte> row, ReadOnlySpan<byte> above)
    {
        switch (filter)
        {
            case 0:
                break;
            case 1:
                for (int i = _pixelSize; i < row.Length; i++)
                {
                    row[i] += row[i - _pixelSize];
                }

                break;
            case 2:
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] += above[i];
                }

                break;
            case 3:
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] += (byte)(((i < _pixelSize ? 0 : row[i - _pixelSize]) + above[i]) >> 1);
                }

                break;
            case 4:
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] += i < _pixelSize ? above[i] : Paeth(row[i - _pixelSize], above[i], above[i - _pixelSize]);
                }

                break;
            default:
                throw new InvalidDataException("it has a row whose filter nobody knows");
        }
    }

    /// <summary>Whichever of the three is nearest to left + up - corner.</summary>
    private static byte Paeth(byte left, byte up, byte corner)
    {
        int toLeft = Math.Abs(up - corner), toUp = Math.Abs(left - corner), toCorner = Math.Abs(left + up - (2 * corner));
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }

    private void Put(ReadOnlySpan<byte> row, int columns, int y, Pass pass, UprightPlanes pixels)
    {
        Span<byte> samples = _samples.AsSpan(0, columns);
        int channels = header.Kind == ImageKind.Rgb ? 3 : 1;
        int sampleSize = Math.Max(1, header.BitDepth / 8);
        for (int c = 0; c < channels; c++)
        {
            if (header.BitDepth < 8)
            {
                Split(row, samples);
            }
            else
            {
                // The first byte of 16 bits is the upper one.
                for (int x = 0; x < samples.Length; x++)
                {
                    samples[x] = row[(x * _pixelSize) + (c * sampleSize)];
                }
            }

            if (header.IsIndexed)
            {
                PutColors(samples, y, pass, pixels);
            }
            else
            {
                pixels.Put(c, y, samples, pass.X, pass.StepX);
            }
        }
    }

    /// <summary>Bytes of the samples that several share one; grey from 0 to 255, indices as they are.</summary>
    private void Split(ReadOnlySpan<byte> row, Span<byte> samples)
    {
        int most = (1 << header.BitDepth) - 1;
        int scale = header.IsIndexed ? 1 : byte.MaxValue / most;
        for (int x = 0; x < samples.Length; x++)
        {
            int bit = x * header.BitDepth;
            samples[x] = (byte)(((row[bit >> 3] >> (8 - header.BitDepth - (bit & 7))) & most) * scale);
        }
    }

    private void PutColors(ReadOnlySpan<byte> indices, int y, Pass pass, UprightPlanes pixels)
    {
        Span<byte> colors = _colors.AsSpan(0, indices.Length);
        for (int c = 0; c < 3; c++)
        {
            for (int x = 0; x < indices.Length; x++)
            {
                RgbColor color = indices[x] < palette.Length
                    ? palette[indices[x]]
                    : throw new InvalidDataException("it has a number beyond its palette");
                colors[x] = c switch { 0 => color.Red, 1 => color.Green, _ => color.Blue };
            }

            pixels.Put(c, y, colors, pass.X, pass.StepX);
        }
    }
}
