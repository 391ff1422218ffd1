using CnnTools.Backends;

namespace CnnTools.Images;

/// <summary>What an image file says of itself; reading it takes no pixels.</summary>
/// <param name="Path">The file; empty for an image that was made here.</param>
/// <param name="Format">By content, whatever the name; null for an image that was made here.</param>
/// <param name="Width">In pixels, of the upright picture.</param>
/// <param name="Height">In pixels, of the upright picture.</param>
/// <param name="Kind">Binary, grayscale, indexed or RGB.</param>
/// <param name="BitDepth">Bits of one sample, or of one index into the palette: 1, 2, 4, 8 or 16.</param>
/// <param name="Palette">(red, green, blue) of each index, row by row; empty but for an indexed image.</param>
/// <param name="HasAlpha">Whether there is an alpha channel or a transparent colour. It is left out of the pixels.</param>
/// <param name="Interlaced">Whether it is an interlaced PNG or a progressive JPEG.</param>
/// <param name="Orientation">EXIF's, 1 to 8, as it stands in the file; the pixels are turned upright.</param>
public sealed record ImageInfo(
    string Path, ImageFormat? Format, int Width, int Height, ImageKind Kind, int BitDepth, IReadOnlyList<RgbColor> Palette,
    bool HasAlpha, bool Interlaced, int Orientation)
{
    /// <summary>The most pixels of an image, here and in every codec.</summary>
    public const long MostPixels = 1L << 28;

    /// <summary>The most pixels in a row or column of an image that is read, made or scaled here.</summary>
    public const int MostSide = 1 << 16;

    /// <summary>Channels in the file, without alpha: 3 for RGB, else 1; an index is one number.</summary>
    public int Channels => Kind == ImageKind.Rgb ? 3 : 1;

    /// <summary>(C, H, W) in the file.</summary>
    public Shape Shape => new(Channels, Height, Width);

    /// <summary>(C, H, W) of the pixels: an indexed image has three channels there.</summary>
    public Shape PixelShape => new(Kind is ImageKind.Rgb or ImageKind.Indexed ? 3 : 1, Height, Width);

    public PixelType PixelType => BitDepth switch { 1 => PixelType.Bit, 16 => PixelType.UInt16, _ => PixelType.UInt8 };

    /// <summary>The least value that a sample in the file can have: 0, as of every format here.</summary>
    public int Minimum { get; }

    /// <summary>The largest value that a sample in the file can have, or the last index of the palette.</summary>
    public int Maximum => Kind == ImageKind.Indexed ? Palette.Count - 1 : (1 << BitDepth) - 1;

    /// <summary>What is said of an image that no file holds: 8 bits a sample.</summary>
    /// <param name="shape">(C, H, W).</param>
    public static ImageInfo OfMade(Shape shape) => new(
        "", null, shape.Width, shape.Height, shape.Channels == 3 ? ImageKind.Rgb : ImageKind.Grayscale, 8, [],
        HasAlpha: false, Interlaced: false, Orientation: 1);

    /// <summary>Whether an image of this height and width can be made.</summary>
    /// <exception cref="CnnException">InvalidArgument: it cannot.</exception>
    public static void RequireSize(string parameter, Pair size)
    {
        if (size.Vertical is < 1 or > MostSide || size.Horizontal is < 1 or > MostSide
            || (long)size.Vertical * size.Horizontal > MostPixels)
        {
            throw Errors.InvalidArgument(parameter, $"{size.Vertical},{size.Horizontal}",
                $"height and width of 1 to {MostSide}, {MostPixels} pixels together at most");
        }
    }
}

/// <summary>A file format that is read and written.</summary>
public enum ImageFormat
{
    Png,
    Jpeg,
}

/// <summary>The four basic kinds of images.</summary>
public enum ImageKind
{
    /// <summary>One channel of 0 (black) and 1 (white).</summary>
    Binary,

    /// <summary>One channel, from black to white.</summary>
    Grayscale,

    /// <summary>One channel of numbers that a palette turns into colours.</summary>
    Indexed,

    /// <summary>Three channels.</summary>
    Rgb,
}

/// <summary>What holds one sample.</summary>
public enum PixelType
{
    Bit,
    UInt8,
    UInt16,
}

/// <summary>In which order the three planes of a colour image stand.</summary>
public enum ChannelOrder
{
    Rgb,
    Bgr,
}

/// <summary>A colour of 8 bits a channel. Written #FF8000.</summary>
public readonly record struct RgbColor(byte Red, byte Green, byte Blue)
{
    public override string ToString() => $"#{Red:X2}{Green:X2}{Blue:X2}";
}
