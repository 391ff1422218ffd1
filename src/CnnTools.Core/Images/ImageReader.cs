using CnnTools.Images.Jpeg;
using CnnTools.Images.Png;

namespace CnnTools.Images;

/// <summary>
/// PNG and JPEG files, read in managed code: for a codec whose library only writes them as well as libpng and
/// libjpeg-turbo do. Pixels are equal to those libraries', and it is as strict as they are at their strictest.
/// </summary>
public static class ImageReader
{
    internal const string EndsEarly = "it ends too early";

    /// <inheritdoc cref="IImageCodec.Probe"/>
    /// <exception cref="CnnException">CorruptFile, UnsupportedImage, ImageTooLarge.</exception>
    public static ImageInfo Probe(ReadOnlySpan<byte> file, string path)
    {
        try
        {
            return file.StartsWith(PngReader.Signature) ? new PngReader(file, path).Info
                : file.StartsWith(JpegReader.Signature) ? new JpegReader(file, path).Info
                : throw Errors.UnsupportedImage(path, "it is neither PNG nor JPEG");
        }
        catch (InvalidDataException exception)
        {
            throw Errors.CorruptImage(path, FormatOf(file), exception.Message, exception);
        }
    }

    /// <inheritdoc cref="IImageCodec.Decode"/>
    /// <exception cref="CnnException">CorruptFile, ImageTooLarge.</exception>
    public static void Decode(ReadOnlySpan<byte> file, ImageInfo info, Span<byte> pixels)
    {
        ArgumentNullException.ThrowIfNull(info);
        try
        {
            if (info.Format == ImageFormat.Png)
            {
                PngReader png = new(file, info.Path);
                png.Decode(new(pixels, png.Info));
            }
            else
            {
                JpegReader jpeg = new(file, info.Path);
                jpeg.Decode(new(pixels, jpeg.Info));
            }
        }
        catch (InvalidDataException exception)
        {
            throw Errors.CorruptImage(info.Path, FormatOf(file), exception.Message, exception);
        }
        catch (OutOfMemoryException)
        {
            throw Errors.ImageTooLarge(info.Path, "there is no memory for its pixels");
        }
    }

    /// <summary>Whether an image may be read or written, before memory is taken.</summary>
    /// <param name="most">Pixels.</param>
    /// <exception cref="CnnException">ImageTooLarge.</exception>
    public static void RequireSize(string path, long width, long height, long most = ImageInfo.MostPixels)
    {
        if (width * height > most)
        {
            throw Errors.ImageTooLarge(path, $"it declares {width} x {height} pixels; the most that are taken are {most}");
        }
    }

    private static ImageFormat FormatOf(ReadOnlySpan<byte> file) =>
        file.StartsWith(JpegReader.Signature) ? ImageFormat.Jpeg : ImageFormat.Png;
}
