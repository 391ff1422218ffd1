using CnnTools.Images;

namespace CnnTools.ImageSharp;

/// <summary>PNG and JPEG on ImageSharp.</summary>
public sealed class ImageSharpCodec : IImageCodec
{
    public ImageInfo Probe(ReadOnlySpan<byte> file, string path) => throw Absent();

    public void Decode(ReadOnlySpan<byte> file, ImageInfo info, Span<byte> pixels) => throw Absent();

    public byte[] Encode(ReadOnlySpan<byte> pixels, Shape shape, ImageFormat format, int quality, string path) => throw Absent();

    private static CnnException Absent() =>
        Errors.BackendUnavailable("The image codec on ImageSharp is not written yet.", "Build with -Backend LibTorch.");
}
