using System.Buffers.Binary;

namespace CnnTools.Images.Png;

/// <summary>The chunk IHDR: sizes are in pixels, as stored.</summary>
/// <param name="ColorType">0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha.</param>
/// <param name="BitDepth">Bits of a sample: 1, 2, 4, 8 or 16.</param>
internal sealed record PngHeader(int Width, int Height, int BitDepth, int ColorType, bool Interlaced)
{
    private const int Size = 13;
    private const int ColorBit = 2;
    private const int AlphaBit = 4;
    private const int PaletteType = 3;

    public bool IsIndexed => ColorType == PaletteType;

    public bool HasAlphaChannel => (ColorType & AlphaBit) != 0;

    public ImageKind Kind => IsIndexed ? ImageKind.Indexed
        : (ColorType & ColorBit) != 0 ? ImageKind.Rgb
        : ColorType == 0 && BitDepth == 1 ? ImageKind.Binary
        : ImageKind.Grayscale;

    /// <summary>Bits of a pixel, alpha's included.</summary>
    public int PixelBits => BitDepth * ((Kind == ImageKind.Rgb ? 3 : 1) + (HasAlphaChannel ? 1 : 0));

    /// <summary>Bytes of so many pixels that lie side by side.</summary>
    public long RowSize(int pixels) => (((long)pixels * PixelBits) + 7) / 8;

    /// <exception cref="InvalidDataException">The chunk is none that there can be.</exception>
    public static PngHeader Read(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length == Size && BinaryPrimitives.ReadInt32BigEndian(chunk) is > 0 and int width
            && BinaryPrimitives.ReadInt32BigEndian(chunk[4..]) is > 0 and int height
            && (chunk[9], chunk[8]) is (0, 1 or 2 or 4 or 8 or 16) or (PaletteType, 1 or 2 or 4 or 8) or (2 or 4 or 6, 8 or 16)
            && chunk[10..] is [0, 0, 0 or 1])
        {
            return new(width, height, chunk[8], chunk[9], chunk[12] == 1);
        }

        throw new InvalidDataException("its header is broken");
    }
}
