namespace CnnTools.Images;

/// <summary>
/// The seam between the product and a library that knows image files. Everything is in memory; any thread may call.
/// </summary>
/// <remarks>
/// Errors: CorruptFile (broken or cut short), UnsupportedImage (no format or kind that is read), ImageTooLarge. Memory
/// and time stay in proportion to the file, whatever it declares.
/// </remarks>
public interface IImageCodec
{
    /// <summary>Reads what stands before the pixels. The content decides on the format, not the name.</summary>
    /// <param name="path">Where the bytes come from, for the record and for errors.</param>
    ImageInfo Probe(ReadOnlySpan<byte> file, string path);

    /// <summary>
    /// The pixels, upright, as planes (C, H, W) of <see cref="ImageInfo.PixelShape"/>: an indexed image's colours are
    /// looked up, alpha is left out, samples of fewer than 8 bits are scaled to 0 to 255, and of 16 bits the upper 8 stay.
    /// </summary>
    /// <param name="info">What <see cref="Probe"/> said of the same bytes.</param>
    /// <param name="pixels">Room for all of them, and no more.</param>
    void Decode(ReadOnlySpan<byte> file, ImageInfo info, Span<byte> pixels);

    /// <summary>A file's bytes from planes (C, H, W) of 1 (grey) or 3 (red, green, blue) channels.</summary>
    /// <param name="quality">1 to 100, for JPEG.</param>
    /// <param name="path">Where the file is to go, for errors.</param>
    byte[] Encode(ReadOnlySpan<byte> pixels, Shape shape, ImageFormat format, int quality, string path);
}
