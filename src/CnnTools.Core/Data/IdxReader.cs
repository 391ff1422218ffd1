using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace CnnTools.Data;

/// <summary>The images of one IDX file.</summary>
/// <param name="Pixels">uint8 values in (N, 1, H, W) order.</param>
/// <param name="Count">N.</param>
/// <param name="ImageShape">(1, H, W).</param>
public sealed record IdxImages(byte[] Pixels, int Count, Shape ImageShape);

/// <summary>
/// Reads IDX files, the format of MNIST (LeCun, Cortes, Burges: "The MNIST database of handwritten digits"): a
/// big-endian header of magic number and sizes, then uint8 values. Raw or gzipped, told apart by their first bytes.
/// </summary>
/// <remarks>
/// Whatever the bytes, the outcome is a result or a <see cref="CnnException"/>, and memory stays in proportion to the
/// bytes that are really there: a size that a header declares is believed only as far as data follow.
/// </remarks>
public static class IdxReader
{
    /// <summary>The largest content read: 1 GiB, twice the largest set known in this format (EMNIST).</summary>
    public const int MaximumBytes = 1 << 30;

    private const uint ImagesMagic = 0x00000803;
    private const uint LabelsMagic = 0x00000801;
    private const int FirstChunk = 1 << 20;

    // Deflate cannot do better: 258 bytes for 2 bits (zlib's technical details).
    private const long DeflateLimit = 1032;

    private const string FetchAgain = "Fetch the file again from its source: this copy is damaged or not the right file.";

    /// <summary>Reads images (magic 0x00000803: uint8, three dimensions).</summary>
    /// <exception cref="CnnException">The file is absent, unreadable or not valid.</exception>
    public static IdxImages ReadImages(string path)
    {
        using FileStream file = Open(path);
        return ReadImages(file, path);
    }

    /// <summary>The same from a stream that can seek, from its present position.</summary>
    /// <param name="name">What errors call the stream.</param>
    public static IdxImages ReadImages(Stream stream, string name)
    {
        (int[] sizes, byte[] content) = Read(stream, name, ImagesMagic);
        return new(content, sizes[0], new Shape(1, sizes[1], sizes[2]));
    }

    /// <summary>Reads labels (magic 0x00000801: uint8, one dimension).</summary>
    /// <param name="classes">Labels must be less.</param>
    /// <exception cref="CnnException">The file is absent, unreadable or not valid, or a label is too large.</exception>
    public static int[] ReadLabels(string path, int classes)
    {
        using FileStream file = Open(path);
        return ReadLabels(file, path, classes);
    }

    /// <summary>The same from a stream that can seek, from its present position.</summary>
    /// <param name="name">What errors call the stream.</param>
    public static int[] ReadLabels(Stream stream, string name, int classes)
    {
        (_, byte[] content) = Read(stream, name, LabelsMagic);
        int[] labels = new int[content.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = content[i] < classes
                ? content[i]
                : throw Corrupt(name,
                    $"label {Number(i)} is {content[i]}, with {classes} classes at most {classes - 1} was expected");
        }

        return labels;
    }

    /// <summary>Reads a file of images and the file of their labels.</summary>
    /// <exception cref="CnnException">As for each of them, and if their counts differ.</exception>
    public static ImageSet ReadImageSet(string imagesPath, string labelsPath, int classes)
    {
        IdxImages images = ReadImages(imagesPath);
        int[] labels = ReadLabels(labelsPath, classes);
        if (images.Count != labels.Length)
        {
            throw Errors.CorruptFile(labelsPath, "IDX",
                $"it has {Number(labels.Length)} labels, {Number(images.Count)} were expected,"
                    + $" one for each image of '{imagesPath}'",
                "Take both files from the same data set and the same split.");
        }

        return new(images.Pixels, labels, images.ImageShape);
    }

    private static FileStream Open(string path)
    {
        try
        {
            FileStream file = File.OpenRead(path);
            return file.CanSeek ? file : throw new IOException("It is a pipe or a device, not a file.");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Errors.FileNotFound("The IDX file", path, "Check the path; the file may be raw or gzipped.");
        }
        catch (Exception error)
            when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Errors.CannotRead(path, error);
        }
    }

    private static (int[] Sizes, byte[] Content) Read(Stream stream, string name, uint magic)
    {
        try
        {
            if (!IsGzip(stream))
            {
                return ReadPlain(stream, name, magic, stream.Length - stream.Position);
            }

            long compressed = stream.Length - stream.Position;
            using GZipStream inflated = new(stream, CompressionMode.Decompress, leaveOpen: true);
            (int[] Sizes, byte[] Content) result = ReadPlain(inflated, name, magic, compressed * DeflateLimit);
            CheckGzipEnd(stream, name, HeaderBytes(magic) + result.Content.Length);
            return result;
        }
        catch (InvalidDataException error)
        {
            throw Errors.CorruptFile(name, "gzipped IDX", "its compressed data are damaged or cut off", FetchAgain, error);
        }
        catch (IOException error)
        {
            throw Errors.CannotRead(name, error);
        }
    }

    /// <param name="available">Bytes that can follow at most, header included.</param>
    private static (int[] Sizes, byte[] Content) ReadPlain(Stream source, string name, uint magic, long available)
    {
        int[] sizes = ReadHeader(source, name, magic);
        long declared = 1;
        foreach (int size in sizes)
        {
            // Each factor is below 2^31 and the product is checked each time: it cannot overflow.
            declared *= size;
            if (declared is 0 or > MaximumBytes)
            {
                throw Corrupt(name, $"its header declares {string.Join(" x ", sizes.Select(s => Number(s)))} bytes, "
                    + $"1 to {Number(MaximumBytes)} were expected");
            }
        }

        if (declared > available - HeaderBytes(magic))
        {
            throw TooShort(name, declared, available - HeaderBytes(magic));
        }

        byte[] content = ReadContent(source, name, (int)declared);
        if (source.ReadByte() >= 0)
        {
            throw Corrupt(name, $"bytes follow after the {Number(declared)} that its header declares");
        }

        return (sizes, content);
    }

    private static int[] ReadHeader(Stream source, string name, uint magic)
    {
        Span<byte> header = stackalloc byte[HeaderBytes(magic)];
        int read = source.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (read >= 4 && BinaryPrimitives.ReadUInt32BigEndian(header) is uint found && found != magic)
        {
            string what = found switch
            {
                ImagesMagic => " (images)",
                LabelsMagic => " (labels)",
                _ => "",
            };
            throw Corrupt(name, $"it begins with 0x{found:X8}{what}, 0x{magic:X8}"
                + $" ({(magic == ImagesMagic ? "images" : "labels")} as uint8) was expected");
        }

        if (read < header.Length)
        {
            throw Corrupt(name, $"it ends after {read} bytes, a header of {header.Length} was expected");
        }

        int[] sizes = new int[(header.Length / 4) - 1];
        for (int i = 0; i < sizes.Length; i++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(header[(4 * (i + 1))..]);
            sizes[i] = size <= int.MaxValue
                ? (int)size
                : throw Corrupt(name, $"its header declares a size of {size}, at most {Number(MaximumBytes)} was expected");
        }

        return sizes;
    }

    /// <summary>Grows with what arrives, so that a short file cannot make a large array.</summary>
    private static byte[] ReadContent(Stream source, string name, int declared)
    {
        byte[] content = new byte[Math.Min(declared, FirstChunk)];
        int filled = 0;
        while (true)
        {
            int wanted = content.Length - filled;
            int read = source.ReadAtLeast(content.AsSpan(filled), wanted, throwOnEndOfStream: false);
            filled += read;
            if (read < wanted)
            {
                throw TooShort(name, declared, filled);
            }

            if (filled == declared)
            {
                return content;
            }

            Array.Resize(ref content, (int)Math.Min(declared, 2L * content.Length));
        }
    }

    private static bool IsGzip(Stream stream)
    {
        long start = stream.Position;
        bool gzip = stream.ReadByte() == 0x1F && stream.ReadByte() == 0x8B;
        stream.Position = start;
        return gzip;
    }

    /// <summary>
    /// GZipStream takes a missing end for an end: so the length in the last four bytes (RFC 1952, ISIZE) is compared.
    /// A file of several gzip members does not pass; nobody makes such for IDX, and gunzip helps.
    /// </summary>
    private static void CheckGzipEnd(Stream stream, string name, long inflated)
    {
        Span<byte> last = stackalloc byte[4];
        stream.Seek(-4, SeekOrigin.End);
        stream.ReadExactly(last);
        uint recorded = BinaryPrimitives.ReadUInt32LittleEndian(last);
        if (recorded != (uint)inflated)
        {
            throw Errors.CorruptFile(name, "gzipped IDX",
                $"its last bytes record a length of {Number(recorded)}, {Number(inflated)} was expected:"
                    + " it is cut off or something follows",
                FetchAgain);
        }
    }

    private static int HeaderBytes(uint magic) => magic == ImagesMagic ? 16 : 8;

    private static CnnException TooShort(string name, long declared, long found) =>
        Corrupt(name, $"its header declares {Number(declared)} bytes, at most {Number(Math.Max(0, found))} follow");

    private static CnnException Corrupt(string name, string reason) => Errors.CorruptFile(name, "IDX", reason, FetchAgain);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
