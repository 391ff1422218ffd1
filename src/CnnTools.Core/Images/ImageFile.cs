using CnnTools.Runs;
using Microsoft.Win32.SafeHandles;

namespace CnnTools.Images;

/// <summary>Image files on disk, read and written whole.</summary>
public static class ImageFile
{
    // One array holds a file.
    private const long MostBytes = int.MaxValue - 64;

    private static readonly Dictionary<string, ImageFormat> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = ImageFormat.Png, [".jpg"] = ImageFormat.Jpeg, [".jpeg"] = ImageFormat.Jpeg,
    };

    /// <summary>Whether a name has the extension of an image.</summary>
    public static bool IsImage(string path) => Extensions.ContainsKey(Path.GetExtension(path));

    /// <summary>The format that a name's extension tells.</summary>
    /// <exception cref="CnnException">NoImageFormat: it tells none.</exception>
    public static ImageFormat FormatOf(string path) =>
        Extensions.TryGetValue(Path.GetExtension(path), out ImageFormat format)
            ? format
            : throw Errors.NoImageFormat(path, Extensions.Keys);

    /// <summary>The usual extension of a format, with its point.</summary>
    public static string ExtensionOf(ImageFormat format) => Extensions.First(known => known.Value == format).Key;

    /// <summary>What a file says of itself.</summary>
    /// <exception cref="CnnException">The file cannot be read, or is no image that is read here.</exception>
    public static ImageInfo Probe(IImageCodec codec, string path) => Probe(codec, ReadBytes(path).Bytes, path);

    /// <summary>The image of a file, decoded, so that what is broken is found here.</summary>
    /// <param name="keep">Whether the image holds its pixels; else it reads the file again when they were let go of.</param>
    /// <exception cref="CnnException">The file cannot be read, is no image that is read here, or is broken.</exception>
    public static CnnImage Read(IImageCodec codec, string path, ImageChanges changes, bool keep = false)
    {
        (byte[] file, DateTime time) = ReadBytes(path);
        (ImageInfo info, long length) = (Probe(codec, file, path), file.Length);
        Shape shape = changes.ShapeOf(info.PixelShape, path);
        return new(changes.InfoOf(info), shape, changes.OrderOf(shape), Pixels(file), keep ? null : Again);

        byte[] Pixels(byte[] bytes) => changes.Apply(Decode(codec, bytes, info), info.PixelShape);

        byte[] Again()
        {
            (byte[] bytes, DateTime newTime) = ReadBytes(path);
            return (bytes.Length, newTime) == (length, time) ? Pixels(bytes) : throw Errors.ImageChanged(path);
        }
    }

    /// <summary>
    /// Writes an image whole or not at all; see <see cref="AtomicFile"/>. Colours are written as they look, whatever the
    /// channels' order.
    /// </summary>
    /// <param name="quality">1 to 100, for JPEG.</param>
    /// <exception cref="CnnException">It cannot be written, or not in this format.</exception>
    public static void Write(IImageCodec codec, CnnImage image, string path, ImageFormat format, int quality)
    {
        byte[] file = codec.Encode(image.RgbPixels, image.Shape, format, quality, path);
        AtomicFile.Write(path, stream => stream.Write(file));
    }

    private static ImageInfo Probe(IImageCodec codec, byte[] file, string path)
    {
        ImageInfo info = codec.Probe(file, path);
        return Math.Max(info.Width, info.Height) <= ImageInfo.MostSide
            ? info
            : throw Errors.ImageTooLarge(path, $"it has {info.Width} x {info.Height} pixels, and {ImageInfo.MostSide} in a row or column are the most");
    }

    private static byte[] Decode(IImageCodec codec, byte[] file, ImageInfo info)
    {
        byte[] pixels = Allocate(info.PixelShape.Count, info.Path);
        codec.Decode(file, info, pixels);
        return pixels;
    }

    private static (byte[] Bytes, DateTime Written) ReadBytes(string path)
    {
        try
        {
            string full = FilePlace.FullPath(path);
            using SafeFileHandle file = Directory.Exists(full) ? throw new IOException("it is a folder.") : File.OpenHandle(full);
            long length = RandomAccess.GetLength(file);
            if (length > MostBytes)
            {
                throw Errors.ImageTooLarge(path, $"the file has {length} bytes");
            }

            byte[] bytes = Allocate(length, path);
            for (int read = 0; read < bytes.Length;)
            {
                int more = RandomAccess.Read(file, bytes.AsSpan(read), read);
                read += more > 0 ? more : throw new EndOfStreamException();
            }

            return bytes.Length > 0 ? (bytes, File.GetLastWriteTimeUtc(file)) : throw Errors.CorruptFile(path, "PNG or JPEG", "it is empty", "Get the file once more.");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Errors.FileNotFound("The image", path, "Check the path.");
        }
        catch (Exception exception) when (FilePlace.IsFileError(exception))
        {
            throw Errors.CannotRead(path, exception);
        }
    }

    private static byte[] Allocate(long count, string path)
    {
        try
        {
            return new byte[count];
        }
        catch (OutOfMemoryException)
        {
            throw Errors.ImageTooLarge(path, $"there is no memory for {count} bytes");
        }
    }
}
