using CnnTools.Backends;

namespace CnnTools.Images;

/// <summary>What is done to an image as it is read, in this order; what is null or false is left out.</summary>
/// <param name="Crop">The part that is taken, in the upright picture's own pixels.</param>
/// <param name="Size">Height and width that it is then scaled to.</param>
/// <param name="Grayscale">Whether three channels become one.</param>
/// <param name="Order">The order of three planes.</param>
public sealed record ImageChanges(
    CropBox? Crop = null, Pair? Size = null, bool Grayscale = false, ChannelOrder Order = ChannelOrder.Rgb)
{
    public static ImageChanges None { get; } = new();

    /// <summary>The order that the planes of a shape then stand in; one plane has none, which is told as RGB.</summary>
    public ChannelOrder OrderOf(Shape shape) => shape.Channels == 3 ? Order : ChannelOrder.Rgb;

    /// <summary>The shape that an image of a shape (C, H, W) then has.</summary>
    /// <param name="path">The image, for errors.</param>
    /// <exception cref="CnnException">The box lies outside of the image, or the size is none or too large.</exception>
    public Shape ShapeOf(Shape shape, string path)
    {
        Pair whole = Crop?.Within(shape, path).Size ?? new Pair(shape.Height, shape.Width);
        Pair size = Size ?? whole;
        if (Size is not null)
        {
            ImageInfo.RequireSize(nameof(Size), size);
        }

        // Between the two passes of scaling.
        return (long)whole.Vertical * size.Horizontal > ImageInfo.MostPixels
            ? throw Errors.ImageTooLarge(path, $"scaled to a width of {size.Horizontal} its {whole.Vertical} rows have more than {ImageInfo.MostPixels} pixels")
            : new(Grayscale ? 1 : shape.Channels, size.Vertical, size.Horizontal);
    }

    /// <summary>What is said of an image that is read so: scaled pixels, or those made grey, are of 8 bits and no palette's.</summary>
    internal ImageInfo InfoOf(ImageInfo info)
    {
        int channels = Grayscale ? 1 : info.PixelShape.Channels;
        return Size is null && channels == info.PixelShape.Channels
            ? info
            : info with { Kind = channels == 3 ? ImageKind.Rgb : ImageKind.Grayscale, BitDepth = 8, Palette = [] };
    }

    /// <summary>New pixels, or the same where nothing is to be done.</summary>
    /// <param name="pixels">(C, H, W) of the shape.</param>
    public byte[] Apply(byte[] pixels, Shape shape)
    {
        if (Crop is { } crop)
        {
            CropBox box = crop.Within(shape, "");
            pixels = Planes.Crop(pixels, shape, box);
            shape = new(shape.Channels, box.Size.Vertical, box.Size.Horizontal);
        }

        // Before scaling: a third of the work.
        if (Grayscale && shape.Channels == 3)
        {
            pixels = Planes.ToGrayscale(pixels, shape);
            shape = new(1, shape.Height, shape.Width);
        }

        if (Size is { } size)
        {
            pixels = BilinearResize.Apply(pixels, shape, size);
            shape = new(shape.Channels, size.Vertical, size.Horizontal);
        }

        return OrderOf(shape) == ChannelOrder.Bgr ? Planes.Reverse(pixels, shape) : pixels;
    }
}
