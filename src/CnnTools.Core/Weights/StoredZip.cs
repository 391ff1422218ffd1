using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CnnTools.Weights;

/// <summary>A stretch of bytes in a file.</summary>
internal readonly record struct FileRange(long Offset, long Length);

/// <summary>
/// The directory of a zip archive whose entries are stored as they are, as torch.save writes them. What is compressed is
/// refused, and so are entries that overlap or lie elsewhere than in the file: no entry is larger than the file has bytes.
/// </summary>
/// <remarks>PKWARE's APPNOTE 6.3, sections 4.3 (records) and 4.5.3 (sizes of 64 bits).</remarks>
internal static class StoredZip
{
    private const int EndLength = 22;
    private const int Locator64Length = 20;
    private const int End64Length = 56;
    private const int EntryLength = 46;
    private const int LocalLength = 30;
    private const int LongestDirectory = 1 << 26;

    /// <summary>The entries' contents by name.</summary>
    /// <exception cref="InvalidDataException">It is not valid, or no archive of this kind; the message tells why.</exception>
    public static Dictionary<string, FileRange> Read(SafeFileHandle file, long fileLength)
    {
        FileRange directory = FindDirectory(file, fileLength);
        if (directory.Length > LongestDirectory)
        {
            throw new InvalidDataException($"its zip directory would be {directory.Length} bytes, {LongestDirectory} are allowed");
        }

        byte[] bytes = WeightFile.Read(file, directory.Offset, (int)directory.Length);
        List<(string Name, long Header, FileRange Content)> entries = [];
        for (int at = 0; at < bytes.Length;)
        {
            at += ReadEntry(file, bytes.AsSpan(at), directory.Offset, out (string, long, FileRange) entry);
            entries.Add(entry);
        }

        long end = 0;
        Dictionary<string, FileRange> contents = new(StringComparer.Ordinal);
        foreach ((string name, long header, FileRange content) in entries.OrderBy(e => e.Header))
        {
            if (header < end)
            {
                throw new InvalidDataException($"its entry '{Text.Short(name)}' overlaps another");
            }

            if (!contents.TryAdd(name, content))
            {
                throw new InvalidDataException($"its entry '{Text.Short(name)}' stands twice");
            }

            end = content.Offset + content.Length;
        }

        return contents;
    }

    /// <summary>From the record at the archive's end, or its larger twin where the numbers are beyond 32 bits.</summary>
    private static FileRange FindDirectory(SafeFileHandle file, long fileLength)
    {
        const int LongestComment = ushort.MaxValue;
        int tail = (int)Math.Min(fileLength, EndLength + LongestComment);
        byte[] bytes = WeightFile.Read(file, fileLength - tail, tail);
        int end = bytes.AsSpan().LastIndexOf("PK\x5\x6"u8);
        if (end < 0 || bytes.Length - end < EndLength)
        {
            throw new InvalidDataException("its zip directory is missing: the file is cut off");
        }

        long place = fileLength - tail + end;
        ReadOnlySpan<byte> record = bytes.AsSpan(end);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(record[12..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        if (length == uint.MaxValue || offset == uint.MaxValue)
        {
            (length, offset, place) = ReadEnd64(file, place);
        }

        return offset >= 0 && length >= 0 && offset <= place - length
            ? new FileRange(offset, length)
            : throw new InvalidDataException("its zip directory does not lie within the file");
    }

    private static (long Length, long Offset, long Place) ReadEnd64(SafeFileHandle file, long end)
    {
        byte[] locator = end >= Locator64Length ? WeightFile.Read(file, end - Locator64Length, Locator64Length) : [];
        long place = locator.AsSpan().StartsWith("PK\x6\x7"u8) ? BinaryPrimitives.ReadInt64LittleEndian(locator.AsSpan(8)) : -1;
        byte[] record = place >= 0 && place <= end - Locator64Length - End64Length ? WeightFile.Read(file, place, End64Length) : [];
        return record.AsSpan().StartsWith("PK\x6\x6"u8)
            ? (BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(40)), BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(48)), place)
            : throw new InvalidDataException("its zip directory is missing");
    }

    /// <summary>Reads the directory's entry at the start of these bytes, and gives its length.</summary>
    /// <param name="limit">Where the entries' contents must end.</param>
    private static int ReadEntry(
        SafeFileHandle file, ReadOnlySpan<byte> bytes, long limit, out (string Name, long Header, FileRange Content) entry)
    {
        if (bytes.Length < EntryLength || !bytes.StartsWith("PK\x1\x2"u8))
        {
            throw new InvalidDataException("its zip directory is broken");
        }

        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]);
        int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[30..]);
        int length = EntryLength + nameLength + extraLength + BinaryPrimitives.ReadUInt16LittleEndian(bytes[32..]);
        if (length > bytes.Length)
        {
            throw new InvalidDataException("its zip directory is broken");
        }

        string name = Encoding.UTF8.GetString(bytes.Slice(EntryLength, nameLength));
        bool encrypted = (BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) & 1) != 0;
        int method = BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]);
        if (encrypted || method != 0)
        {
            throw new InvalidDataException($"its entry '{Text.Short(name)}' is compressed or encrypted; torch.save does neither");
        }

        long[] numbers =
        [
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[42..]),
        ];
        ReadNumbers64(bytes.Slice(EntryLength + nameLength, extraLength), numbers);
        (long size, long packed, long header) = (numbers[0], numbers[1], numbers[2]);
        if (size != packed || size < 0 || header < 0 || header > limit - LocalLength)
        {
            throw new InvalidDataException($"its entry '{Text.Short(name)}' has a size or place that cannot be");
        }

        byte[] local = WeightFile.Read(file, header, LocalLength);
        long content = header + LocalLength + BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(26))
            + BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(28));
        if (!local.AsSpan().StartsWith("PK\x3\x4"u8) || content > limit - size)
        {
            throw new InvalidDataException($"its entry '{Text.Short(name)}' does not lie within the file");
        }

        entry = (name, header, new FileRange(content, size));
        return length;
    }

    /// <summary>Those of size, packed size and place that 32 bits do not hold stand in the extra field 1, in this order.</summary>
    private static void ReadNumbers64(ReadOnlySpan<byte> extra, long[] numbers)
    {
        while (extra.Length >= 4)
        {
            int length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]), extra.Length - 4);
            ReadOnlySpan<byte> field = extra.Slice(4, length);
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == 1)
            {
                for (int i = 0; i < numbers.Length && field.Length >= sizeof(long); i++)
                {
                    if (numbers[i] == uint.MaxValue)
                    {
                        numbers[i] = BinaryPrimitives.ReadInt64LittleEndian(field);
                        field = field[sizeof(long)..];
                    }
                }

                return;
            }

            extra = extra[(4 + length)..];
        }
    }
}
