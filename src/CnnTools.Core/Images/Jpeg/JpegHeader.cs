using System.Buffers.Binary;

namespace CnnTools.Images.Jpeg;

/// <summary>What a JPEG file says before its first scan.</summary>
internal sealed class JpegHeader(string path)
{
    private const int FrameHeaderSize = 6;
    private const int ComponentSize = 3;
    private const int MostFactor = 4;
    private const int MostSide = 65500;  // libjpeg's
    private const int Precision = 8;
    private const int AdobeTransformAt = 11;
    private const int JfifSize = 14;

    // The coefficients of a progressive image are all in memory at once, two bytes each.
    private const long MostProgressivePixels = ImageInfo.MostPixels / 4;

    private JpegFrame? _frame;
    private int _precision;
    private bool _isArithmetic;
    private bool _isJfif;
    private int? _adobeTransform;
    private int? _orientation;

    public JpegFrame Frame => _frame ?? throw new InvalidDataException("its pixels come before their number");

    public JpegColors Colors => Frame.Components.Count == 1 ? JpegColors.Grey : IsRgb ? JpegColors.Rgb : JpegColors.YCbCr;

    public ImageInfo Info => UprightPlanes.InfoOf(new(
        path, ImageFormat.Jpeg, Frame.Width, Frame.Height, Colors == JpegColors.Grey ? ImageKind.Grayscale : ImageKind.Rgb,
        Precision, [], HasAlpha: false, Frame.Progressive, _orientation ?? 1));

    /// <summary>libjpeg's guess.</summary>
    private bool IsRgb => !_isJfif && (_adobeTransform is { } transform
        ? transform == 0
        : Frame.Components is [{ Id: (byte)'R' }, { Id: (byte)'G' }, { Id: (byte)'B' }]);

    /// <summary>Takes a segment.</summary>
    /// <exception cref="InvalidDataException">It is broken.</exception>
    /// <exception cref="CnnException">UnsupportedImage.</exception>
    public void Read(JpegMarker marker, ReadOnlySpan<byte> segment)
    {
        switch (marker)
        {
            case JpegMarker.SOF0 or JpegMarker.SOF1 or JpegMarker.SOF2:
                ReadFrame(segment, marker == JpegMarker.SOF2);
                break;
            case JpegMarker.SOF9 or JpegMarker.SOF10:
                ReadFrame(segment, marker == JpegMarker.SOF10);
                _isArithmetic = true;
                break;
            case JpegMarker.APP0:
                _isJfif |= segment.Length >= JfifSize && segment.StartsWith("JFIF\0"u8);
                break;
            case JpegMarker.APP1 when segment.StartsWith("Exif\0\0"u8):
                _orientation ??= ExifOrientation.Read(segment["Exif\0\0"u8.Length..]);
                break;
            case JpegMarker.APP14 when segment.Length > AdobeTransformAt && segment.StartsWith("Adobe"u8):
                _adobeTransform = segment[AdobeTransformAt];
                break;
            case JpegMarker.DHT or JpegMarker.DQT or JpegMarker.DRI or JpegMarker.DNL or JpegMarker.COM
                or (>= JpegMarker.APP0 and <= JpegMarker.APP15):
                break;
            case >= JpegMarker.SOF0 and <= JpegMarker.SOF15:
                throw Errors.UnsupportedImage(path, "it is coded in a way that next to nothing reads");
            default:
                throw new InvalidDataException($"it has a part of no known kind (0x{(int)marker:X2})");
        }
    }

    /// <summary>Before memory is taken.</summary>
    /// <param name="length">The file's.</param>
    /// <exception cref="InvalidDataException">Its pixels cannot be in a file of that length.</exception>
    /// <exception cref="CnnException">UnsupportedImage, ImageTooLarge.</exception>
    public void RequireReadable(long length)
    {
        string? reason = Frame.Components.Count switch
        {
            4 => "its colours are CMYK, for print; grey and RGB are read",
            not (1 or 3) => $"it has {Frame.Components.Count} components",
            _ when _isArithmetic => "it is arithmetic-coded, which next to nothing reads",
            _ when _precision != Precision => $"its samples have {_precision} bits",
            _ when Math.Max(Frame.Width, Frame.Height) > MostSide => $"a JPEG file is at most {MostSide} pixels wide and high",
            _ when !Frame.IsWhole => "its colours have a resolution that is no whole part of its brightness's",
            _ => null,
        };
        if (reason is not null)
        {
            throw Errors.UnsupportedImage(path, reason);
        }

        ImageReader.RequireSize(
            path, Frame.Width, Frame.Height, Frame.Progressive ? MostProgressivePixels : ImageInfo.MostPixels);

        // A block takes at least a bit.
        long blocks = Frame.Components.Select(Frame.BlocksOf).Sum(count => (long)count.Across * count.Down);
        if (blocks / 8 > length)
        {
            throw new InvalidDataException(ImageReader.EndsEarly);
        }
    }

    private void ReadFrame(ReadOnlySpan<byte> segment, bool progressive)
    {
        if (_frame is not null || segment.Length < FrameHeaderSize
            || segment.Length != FrameHeaderSize + (segment[5] * ComponentSize))
        {
            throw new InvalidDataException("its header is broken");
        }

        _precision = segment[0];
        int height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        int width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        JpegComponent[] components = new JpegComponent[segment[5]];
        for (int i = 0; i < components.Length; i++)
        {
            ReadOnlySpan<byte> component = segment[(FrameHeaderSize + (i * ComponentSize))..];
            components[i] = new(component[0], component[1] >> 4, component[1] & 15, component[2]);
        }

        if (height == 0 || width == 0 || components.Length == 0
            || components.Any(component => Math.Min(component.Horizontal, component.Vertical) < 1
                || Math.Max(component.Horizontal, component.Vertical) > MostFactor))
        {
            throw new InvalidDataException("it has no pixels");
        }

        _frame = new(width, height, progressive, components);
    }
}
