using System.Buffers.Binary;

namespace CnnTools.Images.Jpeg;

/// <summary>The tables of a JPEG file as they are where it is being read: later ones take the places of earlier ones.</summary>
internal sealed class JpegTables
{
    private const int Places = 4;
    private const int MostDcBits = 15;
    private const int MostSymbols = 256;
    private const string Broken = "one of its tables is broken";

    // The examples of ITU-T T.81, K.3.
    private const string UsualHuffman =
        "0000010501010101010100000000000000000102030405060708090A0B100002010303020403050504040000017D010203000411051221"
        + "31410613516107227114328191A1082342B1C11552D1F02433627282090A161718191A25262728292A3435363738393A43444546474849"
        + "4A535455565758595A636465666768696A737475767778797A838485868788898A92939495969798999AA2A3A4A5A6A7A8A9AAB2B3B4B5"
        + "B6B7B8B9BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DAE1E2E3E4E5E6E7E8E9EAF1F2F3F4F5F6F7F8F9FA010003010101010101010101"
        + "0000000000000102030405060708090A0B1100020102040403040705040400010277000102031104052131061241510761711322328108"
        + "144291A1B1C109233352F0156272D10A162434E125F11718191A262728292A35363738393A434445464748494A535455565758595A6364"
        + "65666768696A737475767778797A82838485868788898A92939495969798999AA2A3A4A5A6A7A8A9AAB2B3B4B5B6B7B8B9BAC2C3C4C5C6"
        + "C7C8C9CAD2D3D4D5D6D7D8D9DAE2E3E4E5E6E7E8E9EAF2F3F4F5F6F7F8F9FA";

    private static readonly JpegTables Usual = ReadUsual();

    private readonly int[]?[] _quantizers = new int[]?[Places];
    private readonly JpegHuffmanTable?[] _dc = new JpegHuffmanTable?[Places];
    private readonly JpegHuffmanTable?[] _ac = new JpegHuffmanTable?[Places];

    /// <summary>After how many units of a scan its bits start anew; 0: never.</summary>
    public int RestartInterval { get; private set; }

    /// <summary>What the 64 coefficients of a block were divided by, row by row.</summary>
    /// <exception cref="InvalidDataException">There is no such table.</exception>
    public int[] Quantizers(int place) => Find(_quantizers, place);

    /// <exception cref="InvalidDataException">There is no such table.</exception>
    public JpegHuffmanTable Dc(int place) => Find(_dc, place);

    /// <exception cref="InvalidDataException">There is no such table.</exception>
    public JpegHuffmanTable Ac(int place) => Find(_ac, place);

    /// <summary>Puts the usual tables where there are none: frames of Motion JPEG come without them.</summary>
    public void CompleteHuffman()
    {
        for (int place = 0; place < Places; place++)
        {
            _dc[place] ??= Usual._dc[place];
            _ac[place] ??= Usual._ac[place];
        }
    }

    /// <summary>Takes a segment, where it is one of tables.</summary>
    /// <exception cref="InvalidDataException">It is broken.</exception>
    public void Read(JpegMarker marker, ReadOnlySpan<byte> segment)
    {
        switch (marker)
        {
            case JpegMarker.DQT:
                while (segment.Length > 0)
                {
                    segment = ReadQuantizers(segment);
                }

                break;
            case JpegMarker.DHT:
                while (segment.Length > 0)
                {
                    segment = ReadHuffman(segment);
                }

                break;
            case JpegMarker.DRI:
                RestartInterval = segment.Length == sizeof(ushort)
                    ? BinaryPrimitives.ReadUInt16BigEndian(segment)
                    : throw new InvalidDataException(Broken);
                break;
        }
    }

    private static JpegTables ReadUsual()
    {
        JpegTables tables = new();
        tables.Read(JpegMarker.DHT, Convert.FromHexString(UsualHuffman));
        return tables;
    }

    private ReadOnlySpan<byte> ReadQuantizers(ReadOnlySpan<byte> segment)
    {
        (int size, int place) = (segment[0] >> 4 == 0 ? sizeof(byte) : sizeof(ushort), segment[0] & 15);
        ReadOnlySpan<byte> values = Part(segment, 1, size * JpegFrame.BlockSize);
        int[] table = new int[JpegFrame.BlockSize];
        for (int i = 0; i < table.Length; i++)
        {
            table[JpegFrame.Zigzag[i]] =
                size == sizeof(byte) ? values[i] : BinaryPrimitives.ReadUInt16BigEndian(values[(size * i)..]);
        }

        Put(_quantizers, place, table);
        return segment[(1 + values.Length)..];
    }

    private ReadOnlySpan<byte> ReadHuffman(ReadOnlySpan<byte> segment)
    {
        (int kind, int place) = (segment[0] >> 4, segment[0] & 15);
        ReadOnlySpan<byte> counts = Part(segment, 1, JpegHuffmanTable.LongestCode);
        int count = 0;
        foreach (byte more in counts)
        {
            count += more;
        }

        ReadOnlySpan<byte> symbols = Part(segment, 1 + counts.Length, count);
        if (kind > 1 || count > MostSymbols || (kind == 0 && symbols.ContainsAnyExceptInRange((byte)0, (byte)MostDcBits)))
        {
            throw new InvalidDataException(Broken);
        }

        Put(kind == 0 ? _dc : _ac, place, new JpegHuffmanTable(counts, symbols));
        return segment[(1 + counts.Length + count)..];
    }

    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> segment, int start, int length) => start + length <= segment.Length
        ? segment.Slice(start, length)
        : throw new InvalidDataException(Broken);

    private static void Put<T>(T?[] tables, int place, T table)
        where T : class => tables[place < Places ? place : throw new InvalidDataException(Broken)] = table;

    private static T Find<T>(T?[] tables, int place)
        where T : class =>
        place < Places && tables[place] is { } table ? table : throw new InvalidDataException("it lacks a table");
}
