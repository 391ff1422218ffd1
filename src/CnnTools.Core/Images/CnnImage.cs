namespace CnnTools.Images;

/// <summary>
/// An image: 8-bit planes (C, H, W) of one channel (grey) or three, and what its file said. Pixels that can be read again
/// are held only as long as memory allows, so that a list of many images stays small.
/// </summary>
public sealed class CnnImage
{
    private readonly byte[]? _held;
    private readonly Func<byte[]>? _read;
    private readonly WeakReference<byte[]> _pixels;

    /// <param name="pixels">(C, H, W) of the shape.</param>
    /// <param name="read">Gives them once more; null where they are held.</param>
    internal CnnImage(ImageInfo info, Shape shape, ChannelOrder order, byte[] pixels, Func<byte[]>? read)
    {
        (Info, Shape, ChannelOrder, _read) = (info, shape, order, read);
        (_held, _pixels) = (read is null ? pixels : null, new(pixels));
    }

    /// <summary>An image that no file holds.</summary>
    /// <param name="pixels">(C, H, W) of the shape.</param>
    /// <param name="shape">(C, H, W), of one channel or three.</param>
    /// <exception cref="CnnException">The shape is none of an image, or not that of the pixels.</exception>
    public CnnImage(byte[] pixels, Shape shape)
        : this(ImageInfo.OfMade(RequireShape(pixels, shape)), shape, ChannelOrder.Rgb, pixels, read: null)
    {
    }

    /// <summary>An image of one colour; of one channel it is the colour's grey.</summary>
    /// <param name="shape">(C, H, W), of one channel or three.</param>
    public static CnnImage OfColor(Shape shape, RgbColor color)
    {
        byte[] pixel = [color.Red, color.Green, color.Blue];
        byte[] values = shape.Channels == 3 ? pixel : Planes.ToGrayscale(pixel, new(3, 1, 1));
        byte[] pixels = new byte[shape.Count];
        int area = shape.Height * shape.Width;
        for (int c = 0; c < values.Length; c++)
        {
            pixels.AsSpan(c * area, area).Fill(values[c]);
        }

        return new CnnImage(pixels, shape);
    }

    /// <summary>What the file says of its image, with its own width and height; see <see cref="ImageChanges.InfoOf"/>.</summary>
    public ImageInfo Info { get; }

    /// <summary>The file; empty for an image that was made here.</summary>
    public string Path => Info.Path;

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The class that it is of, where a data set tells one.</summary>
    public string? Label { get; init; }

    public ImageFormat? Format => Info.Format;

    public ImageKind Kind => Info.Kind;

    public PixelType PixelType => Info.PixelType;

    public int BitDepth => Info.BitDepth;

    public int Minimum => Info.Minimum;

    public int Maximum => Info.Maximum;

    public IReadOnlyList<RgbColor> Palette => Info.Palette;

    public bool HasAlpha => Info.HasAlpha;

    public int Orientation => Info.Orientation;

    public int Width => Shape.Width;

    public int Height => Shape.Height;

    public int Channels => Shape.Channels;

    /// <summary>(C, H, W).</summary>
    public Shape Shape { get; }

    /// <summary>In which order three planes stand.</summary>
    public ChannelOrder ChannelOrder { get; }

    /// <summary>0 to 255, (C, H, W). What is written into the array need not last: change a copy.</summary>
    /// <exception cref="CnnException">The file is no longer there, or no longer the same.</exception>
    public byte[] Pixels
    {
        get
        {
            if (!_pixels.TryGetTarget(out byte[]? pixels))
            {
                pixels = _held ?? _read!();
                _pixels.SetTarget(pixels);
            }

            return pixels;
        }
    }

    /// <summary>A part of it, whose pixels can be read again as its own can.</summary>
    /// <exception cref="CnnException">The box does not lie within it.</exception>
    public CnnImage Crop(CropBox box)
    {
        CropBox part = box.Within(Shape, Path);
        return new(Info, new(Channels, part.Size.Vertical, part.Size.Horizontal), ChannelOrder, Cut(), Cut);

        byte[] Cut() => Planes.Crop(Pixels, Shape, part);
    }

    /// <summary>The pixels, three planes of them as red, green and blue.</summary>
    /// <exception cref="CnnException">The file is no longer there, or no longer the same.</exception>
    internal byte[] RgbPixels => ChannelOrder == ChannelOrder.Bgr ? Planes.Reverse(Pixels, Shape) : Pixels;

    /// <summary>The value at a place of a channel.</summary>
    /// <exception cref="CnnException">There is no such place.</exception>
    public int this[int channel, int row, int column] =>
        (uint)channel < (uint)Channels && (uint)row < (uint)Height && (uint)column < (uint)Width
            ? Pixels[(((channel * Height) + row) * Width) + column]
            : throw Errors.InvalidArgument("Place", $"{channel},{row},{column}", $"within {Shape}");

    /// <summary>A copy of the pixels as an array of channels, rows and columns.</summary>
    /// <exception cref="CnnException">The file is no longer there, or no longer the same.</exception>
    public byte[,,] ToArray()
    {
        byte[,,] array = new byte[Channels, Height, Width];
        Buffer.BlockCopy(Pixels, 0, array, 0, array.Length);
        return array;
    }

    public override string ToString() => Label is not null ? $"{Label} ({Shape})" : Path.Length > 0 ? $"{Name} ({Shape})" : $"{Shape}";

    private static Shape RequireShape(byte[] pixels, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        return shape is { Rank: 3, Channels: 1 or 3 } && shape.Count == pixels.Length
            ? shape
            : throw Errors.InvalidArgument("Shape", $"{shape}", $"one channel or three, height and width of {pixels.Length} pixel values");
    }
}
