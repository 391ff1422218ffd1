using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace CnnTools.Tests.ImageSamples;

/// <summary>PNG files of every kind, made by the book (ISO/IEC 15948) and by no library that is under test.</summary>
/// <param name="ColorType">0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha.</param>
/// <param name="BitDepth">1, 2, 4, 8 or 16, as far as the colour type allows.</param>
internal sealed record PngSample(int ColorType, int BitDepth, int Width, int Height)
{
    // Adam7: first column and row, and the steps, of each pass.
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
    [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
    ];

    /// <summary>All combinations that the format has.</summary>
    public static IEnumerable<(int ColorType, int BitDepth)> Kinds =>
    [
        (0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8), (4, 16), (6, 8), (6, 16),
    ];

    public bool Interlaced { get; init; }

    /// <summary>How rows are filtered: 0 none, 1 by the left, 2 by the row above, 3 by their mean, 4 by Paeth.</summary>
    public int Filter { get; init; }

    /// <summary>How many colours the palette has; null where each index has one.</summary>
    public int? Colors { get; init; }

    /// <summary>The tRNS chunk; none where empty.</summary>
    public byte[] Transparency { get; init; } = [];

    /// <summary>The eXIf chunk; none where empty.</summary>
    public byte[] Exif { get; init; } = [];

    /// <summary>Samples of a pixel in the file.</summary>
    public int Samples => ColorType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    private int Levels => 1 << BitDepth;

    /// <summary>Any values that differ; what they are is not important.</summary>
    public int Sample(int x, int y, int s) => ((x * 7919) + (y * 104729) + (s * 1299709) + (x * y * 31)) % Levels;

    /// <summary>(red, green, blue) of index i.</summary>
    public static byte[] Color(int i) => [(byte)(255 - i), (byte)(i * 3), (byte)(i * 7)];

    /// <summary>What must be read: planes (C, H, W) of 8 bits, without alpha.</summary>
    public byte[] Pixels()
    {
        int channels = ColorType is 2 or 3 or 6 ? 3 : 1;
        byte[] pixels = new byte[channels * Height * Width];
        for (int c = 0, at = 0; c < channels; c++)
        {
            for (int y = 0; y < Height; y++)
            {
                for (int x = 0; x < Width; x++)
                {
                    pixels[at++] = ColorType == 3 ? Color(Sample(x, y, 0))[c]
                        : BitDepth == 16 ? (byte)(Sample(x, y, c) >> 8)
                        : (byte)(Sample(x, y, c) * 255 / (Levels - 1));
                }
            }
        }

        return pixels;
    }

    public byte[] File()
    {
        using MemoryStream file = new();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n']);
        WriteChunk(file, "IHDR", [.. BigEndian(Width), .. BigEndian(Height), (byte)BitDepth, (byte)ColorType, 0, 0, (byte)(Interlaced ? 1 : 0)]);
        if (Exif.Length > 0)
        {
            WriteChunk(file, "eXIf", Exif);
        }

        if (ColorType == 3)
        {
            WriteChunk(file, "PLTE", [.. Enumerable.Range(0, Colors ?? Levels).SelectMany(Color)]);
        }

        if (Transparency.Length > 0)
        {
            WriteChunk(file, "tRNS", Transparency);
        }

        WriteChunk(file, "IDAT", Compressed());
        WriteChunk(file, "IEND", []);
        return file.ToArray();
    }

    /// <summary>A file that is a header and nothing else.</summary>
    public byte[] Header()
    {
        byte[] whole = (this with { Width = 1, Height = 1 }).File();
        using MemoryStream file = new();
        file.Write(whole.AsSpan(0, 8));
        WriteChunk(file, "IHDR", [.. BigEndian(Width), .. BigEndian(Height), (byte)BitDepth, (byte)ColorType, 0, 0, 0]);
        WriteChunk(file, "IDAT", []);
        return file.ToArray();
    }

    /// <summary>Makes the check sums right again after changes, as far as the chunks can still be followed.</summary>
    public static void Repair(byte[] file)
    {
        for (long at = 8; at + 12 <= file.Length;)
        {
            long length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan((int)at));
            if (length > file.Length - at - 12)
            {
                return;
            }

            Span<byte> sum = file.AsSpan((int)(at + 8 + length));
            BinaryPrimitives.WriteUInt32BigEndian(sum, Crc(file.AsSpan((int)at + 4, (int)length + 4)));
            at += 12 + length;
        }
    }

    private byte[] Compressed()
    {
        using MemoryStream bytes = new();
        using (ZLibStream deflate = new(bytes, CompressionLevel.Optimal, leaveOpen: true))
        {
            foreach ((int x, int y, int stepX, int stepY) in Interlaced ? Adam7 : [(0, 0, 1, 1)])
            {
                byte[] above = [];
                for (int row = y; row < Height && x < Width; row += stepY)
                {
                    byte[] plain = Row(row, x, stepX);
                    deflate.WriteByte((byte)Filter);
                    deflate.Write(Filtered(plain, above));
                    above = plain;
                }
            }
        }

        return bytes.ToArray();
    }

    private byte[] Row(int y, int x, int step)
    {
        List<byte> row = [];
        int bits = 0;
        int waiting = 0;
        for (; x < Width; x += step)
        {
            for (int s = 0; s < Samples; s++)
            {
                waiting = (waiting << BitDepth) | Sample(x, y, s);
                bits += BitDepth;
                for (; bits >= 8; bits -= 8)
                {
                    row.Add((byte)(waiting >> (bits - 8)));
                }

                waiting &= (1 << bits) - 1;
            }
        }

        if (bits > 0)
        {
            row.Add((byte)(waiting << (8 - bits)));
        }

        return [.. row];
    }

    /// <param name="above">The row before, of the same pass; empty before the first.</param>
    private byte[] Filtered(byte[] row, byte[] above)
    {
        int pixel = Math.Max(1, Samples * BitDepth / 8);
        return [.. row.Select((value, i) =>
        {
            int left = i < pixel ? 0 : row[i - pixel];
            int up = above.Length == 0 ? 0 : above[i];
            int corner = above.Length == 0 || i < pixel ? 0 : above[i - pixel];
            int nearest = new[] { left, up, corner }.MinBy(candidate => Math.Abs(left + up - corner - candidate));
            return (byte)(value - (Filter switch { 1 => left, 2 => up, 3 => (left + up) / 2, 4 => nearest, _ => 0 }));
        })];
    }

    private static void WriteChunk(Stream file, string type, byte[] content)
    {
        byte[] checkedPart = [.. Encoding.ASCII.GetBytes(type), .. content];
        file.Write(BigEndian(content.Length));
        file.Write(checkedPart);
        file.Write(BigEndian((int)Crc(checkedPart)));
    }

    private static byte[] BigEndian(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }
}
