namespace CnnTools.Images.Jpeg;

/// <summary>The codes of a Huffman table, and the symbol that each stands for.</summary>
internal sealed class JpegHuffmanTable
{
    /// <summary>Bits of the longest code.</summary>
    public const int LongestCode = 16;

    private const int ShortCode = 9;
    private const string Broken = "one of its Huffman tables is broken";

    private readonly ushort[] _short = new ushort[1 << ShortCode];  // by the first bits: 256 times the length, and the symbol
    private readonly int[] _last = new int[LongestCode + 1];  // the last code of each length
    private readonly int[] _offset = new int[LongestCode + 1];  // from a code of that length to its symbol's index
    private readonly byte[] _symbols;

    /// <param name="counts">How many codes there are of 1 to 16 bits.</param>
    /// <param name="symbols">Theirs, in order.</param>
    /// <exception cref="InvalidDataException">There are more codes than bits allow.</exception>
    public JpegHuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        _symbols = symbols.ToArray();
        int code = 0;
        int index = 0;
        for (int length = 1; length <= LongestCode; length++, code <<= 1)
        {
            _offset[length] = index - code;
            for (int i = 0; i < counts[length - 1]; i++, index++, code++)
            {
                // Bits that are all 1 are no code.
                if (code >= (1 << length) - 1)
                {
                    throw new InvalidDataException(Broken);
                }

                if (length <= ShortCode)
                {
                    int free = ShortCode - length;
                    _short.AsSpan(code << free, 1 << free).Fill((ushort)((length << 8) | _symbols[index]));
                }
            }

            _last[length] = code - 1;
        }
    }

    /// <summary>The symbol of the code that the bits begin with.</summary>
    /// <param name="bits">The next 16.</param>
    /// <param name="length">How many of them are the code.</param>
    /// <exception cref="InvalidDataException">They begin with none.</exception>
    public int Find(int bits, out int length)
    {
        int found = _short[bits >> (LongestCode - ShortCode)];
        length = found >> 8;
        return length > 0 ? (byte)found : FindLong(bits, out length);
    }

    private byte FindLong(int bits, out int length)
    {
        for (length = ShortCode + 1; length <= LongestCode; length++)
        {
            int code = bits >> (LongestCode - length);
            if (code <= _last[length])
            {
                return _symbols[code + _offset[length]];
            }
        }

        throw new InvalidDataException("it has a Huffman code that stands for nothing");
    }
}
