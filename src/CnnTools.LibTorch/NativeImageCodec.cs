using System.Runtime.InteropServices;
using CnnTools.Images;

namespace CnnTools.LibTorch;

/// <summary>PNG and JPEG through libpng and libjpeg-turbo, which the native library brings with it.</summary>
public sealed class NativeImageCodec : IImageCodec
{
    // Statuses, colours and formats of src/native/api.h.
    private const int Ok = 0;
    private const int OutOfMemory = 3;
    private const int BadImage = 4;
    private const int Unsupported = 5;
    private const int TooLarge = 6;
    private const int Grey = 0;
    private const int Indexed = 2;
    private const int FirstTurned = 5;
    private const byte FirstOfJpeg = 0xFF;

    private static readonly NativeImageCodec Instance = new();

    private NativeImageCodec()
    {
    }

    /// <summary>The codec; loads the native library the first time, and with it libtorch.</summary>
    /// <exception cref="CnnException">BackendUnavailable, as <see cref="LibTorchBackend.Load"/> tells it.</exception>
    public static NativeImageCodec Load()
    {
        _ = LibTorchBackend.Load();
        return Instance;
    }

    public ImageInfo Probe(ReadOnlySpan<byte> file, string path)
    {
        Check(NativeMethods.ImageProbe(file, file.Length, out NativeImageInfo info), path, FormatOf(file));
        bool turned = info.Orientation >= FirstTurned;
        return new(
            path,
            (ImageFormat)info.Format,
            turned ? info.Height : info.Width,
            turned ? info.Width : info.Height,
            Kind(info),
            info.BitDepth,
            Palette(info),
            info.HasAlpha != 0,
            info.Interlaced != 0,
            info.Orientation);
    }

    public void Decode(ReadOnlySpan<byte> file, ImageInfo info, Span<byte> pixels) =>
        Check(NativeMethods.ImageDecode(file, file.Length, pixels, pixels.Length), info.Path, FormatOf(file));

    public byte[] Encode(ReadOnlySpan<byte> pixels, Shape shape, ImageFormat format, int quality, string path)
    {
        if (shape.Rank != 3 || shape.Count != pixels.Length)
        {
            throw Errors.InvalidArgument("Shape", shape, $"that of {pixels.Length} values");
        }

        int status = NativeMethods.ImageEncode(
            (int)format, pixels, shape.Channels, shape.Height, shape.Width, quality, out nint bytes, out long length);
        Check(status, path, format);
        try
        {
            byte[] file = new byte[length];
            Marshal.Copy(bytes, file, 0, file.Length);
            return file;
        }
        finally
        {
            _ = NativeMethods.FreeBytes(bytes);
        }
    }

    private static ImageKind Kind(in NativeImageInfo info) => info.Color switch
    {
        Indexed => ImageKind.Indexed,
        Grey when info.BitDepth == 1 => ImageKind.Binary,
        Grey => ImageKind.Grayscale,
        _ => ImageKind.Rgb,
    };

    private static RgbColor[] Palette(in NativeImageInfo info)
    {
        ReadOnlySpan<byte> bytes = info.Palette;
        RgbColor[] colors = new RgbColor[info.PaletteSize];
        for (int i = 0; i < colors.Length; i++)
        {
            colors[i] = new(bytes[3 * i], bytes[(3 * i) + 1], bytes[(3 * i) + 2]);
        }

        return colors;
    }

    /// <summary>For what is found to be broken only later.</summary>
    private static ImageFormat FormatOf(ReadOnlySpan<byte> file) =>
        file is [FirstOfJpeg, ..] ? ImageFormat.Jpeg : ImageFormat.Png;

    private static void Check(int status, string path, ImageFormat format)
    {
        if (status != Ok)
        {
            throw Failure(status, path, format);
        }
    }

    private static CnnException Failure(int status, string path, ImageFormat format)
    {
        string reason = NativeStatus.LastMessage.TrimEnd('.');
        return status switch
        {
            BadImage => Errors.CorruptImage(path, format, reason),
            Unsupported => Errors.UnsupportedImage(path, reason),
            TooLarge => Errors.ImageTooLarge(path, reason),
            OutOfMemory => Errors.ImageTooLarge(path, "there is no memory for its pixels"),
            _ => NativeStatus.Failure(status, nameof(NativeImageCodec)),
        };
    }
}
