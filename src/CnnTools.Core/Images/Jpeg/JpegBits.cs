namespace CnnTools.Images.Jpeg;

/// <summary>The bits of a scan, up to the next marker.</summary>
internal ref struct JpegBits
{
    private const int ByteBits = 8;
    private const int MostInStore = 64;

    private ulong _store;
    private int _count;  // of the bits in store
    private int _missing;  // of the bits since the marker, which the file does not have
    private bool _isAtMarker;

    /// <param name="position">Where they begin.</param>
    public JpegBits(ReadOnlySpan<byte> file, int position)
    {
        File = file;
        Position = position;
    }

    public ReadOnlySpan<byte> File { get; }

    /// <summary>Where the bytes are that have not been looked at.</summary>
    public int Position { get; private set; }

    /// <summary>To be called now and then; until then missing bits are 0.</summary>
    /// <exception cref="InvalidDataException">More bits were taken than there are.</exception>
    public readonly void RequireAll()
    {
        if (_count < _missing)
        {
            throw new InvalidDataException(
                Position < File.Length ? "a part of its pixels ends too early" : ImageReader.EndsEarly);
        }
    }

    /// <summary>The symbol of the next code.</summary>
    /// <exception cref="InvalidDataException">There is no such code.</exception>
    public int Symbol(JpegHuffmanTable table)
    {
        Fill();
        int symbol = table.Find((int)(_store >> (_count - JpegHuffmanTable.LongestCode)) & ushort.MaxValue, out int length);
        _count -= length;
        return symbol;
    }

    /// <summary>A coefficient of 0 to 15 bits; those of negative ones begin with a 0.</summary>
    public int Coefficient(int bits)
    {
        int value = Number(bits);
        return value < 1 << bits >> 1 ? value - (1 << bits) + 1 : value;
    }

    /// <summary>A number of 0 to 15 bits.</summary>
    public int Number(int bits)
    {
        Fill();
        _count -= bits;
        return (int)(_store >> _count) & ((1 << bits) - 1);
    }

    /// <summary>As many as the longest code has, or more.</summary>
    private void Fill()
    {
        if (_count >= JpegHuffmanTable.LongestCode)
        {
            return;
        }

        for (; _count <= MostInStore - ByteBits; _count += ByteBits)
        {
            _store = (_store << ByteBits) | Next();
        }
    }

    private byte Next()
    {
        int end = Position;
        while (!_isAtMarker && end < File.Length && File[end] == JpegMarkers.Start)
        {
            end++;
        }

        _isAtMarker |= end == File.Length || (end > Position && File[end] != 0);
        if (_isAtMarker)
        {
            _missing += ByteBits;
            return 0;
        }

        // Before a 0 the byte that begins markers is data, however often it stands there.
        byte value = end > Position ? JpegMarkers.Start : File[end];
        Position = end + 1;
        return value;
    }
}
