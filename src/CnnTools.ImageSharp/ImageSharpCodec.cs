using System.Runtime.InteropServices;
using CnnTools.Images;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Advanced;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;
using ImageInfo = CnnTools.Images.ImageInfo;

namespace CnnTools.ImageSharp;

/// <summary>PNG and JPEG, read by Core and written by ImageSharp. Created by name from Engine.</summary>
/// <remarks>
/// ImageSharp 2.1 is not asked to read: where a JPEG's colours are subsampled it repeats them and libjpeg interpolates (on
/// CIFAR-10's files they are up to 94 grey levels apart, and 1.2 on average); it takes files that are cut short for whole;
/// and with some interlaced PNGs it never ends.
/// </remarks>
public sealed class ImageSharpCodec : IImageCodec
{
    private const int MostJpegSide = 65500;  // libjpeg's, which is to read them
    private const int MostPoolMegabytes = 64;
    private const int MostBufferMegabytes = 1024;

    private static readonly Configuration Configuration = new()
    {
        MaxDegreeOfParallelism = 1,
        MemoryAllocator = MemoryAllocator.Create(new()
        {
            MaximumPoolSizeMegabytes = MostPoolMegabytes,
            AllocationLimitMegabytes = MostBufferMegabytes,
        }),
    };

    public ImageInfo Probe(ReadOnlySpan<byte> file, string path) => ImageReader.Probe(file, path);

    public void Decode(ReadOnlySpan<byte> file, ImageInfo info, Span<byte> pixels) => ImageReader.Decode(file, info, pixels);

    public byte[] Encode(ReadOnlySpan<byte> pixels, Shape shape, ImageFormat format, int quality, string path)
    {
        if (shape is not { Rank: 3, Channels: 1 or 3 } || shape.Count != pixels.Length)
        {
            throw Errors.InvalidArgument("Shape", shape, $"that of {pixels.Length} values of one channel or three");
        }

        if (quality is < 1 or > 100)
        {
            throw Errors.InvalidArgument("Quality", quality, "1 to 100");
        }

        ImageReader.RequireSize(path, shape.Width, shape.Height);
        if (format == ImageFormat.Jpeg && Math.Max(shape.Height, shape.Width) > MostJpegSide)
        {
            throw Errors.UnsupportedImage(path, $"a JPEG file is at most {MostJpegSide} pixels wide and high");
        }

        try
        {
            using Image image = shape.Channels == 1 ? GreyOf(pixels, shape) : RgbOf(pixels, shape);
            using MemoryStream file = new();
            image.Save(file, EncoderOf(format, shape.Channels, quality));
            return file.ToArray();
        }
        catch (Exception exception) when (exception is OutOfMemoryException or InvalidMemoryOperationException)
        {
            throw Errors.ImageTooLarge(path, "there is no memory for its pixels");
        }
    }

    private static Image<L8> GreyOf(ReadOnlySpan<byte> pixels, Shape shape) =>
        Image.LoadPixelData(Configuration, MemoryMarshal.Cast<byte, L8>(pixels), shape.Width, shape.Height);

    private static Image<Rgb24> RgbOf(ReadOnlySpan<byte> pixels, Shape shape)
    {
        int size = shape.Height * shape.Width;
        Image<Rgb24> image = new(Configuration, shape.Width, shape.Height);
        for (int y = 0, at = 0; y < shape.Height; y++)
        {
            foreach (ref Rgb24 pixel in image.DangerousGetPixelRowMemory(y).Span)
            {
                pixel = new(pixels[at], pixels[at + size], pixels[at + (2 * size)]);
                at++;
            }
        }

        return image;
    }

    /// <summary>Writes the pixels alone, halving a JPEG's colours as libjpeg does of itself.</summary>
    private static IImageEncoder EncoderOf(ImageFormat format, int channels, int quality) => format == ImageFormat.Jpeg
        ? new JpegEncoder { Quality = quality, ColorType = channels == 1 ? JpegColorType.Luminance : JpegColorType.YCbCrRatio420 }
        : new PngEncoder
        {
            ColorType = channels == 1 ? PngColorType.Grayscale : PngColorType.Rgb,
            BitDepth = PngBitDepth.Bit8,
            IgnoreMetadata = true,
            ChunkFilter = PngChunkFilter.ExcludeAll,
        };
}
