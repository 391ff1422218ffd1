using CnnTools.Backends;
using CnnTools.Images;

namespace CnnTools.Reports;

/// <summary>A picture that stands in the page itself.</summary>
/// <param name="Uri">A PNG as a data URI.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
public sealed record InlineImage(string Uri, int Width, int Height)
{
    // Larger pictures are shown no larger.
    private const int MostSide = 160;

    // Smaller ones are shown larger than they are, pixel by pixel.
    private const int FewPixels = 64;

    internal static InlineImage Of(IImageCodec codec, CnnImage image)
    {
        double scale = Math.Min(1, (double)MostSide / Math.Max(image.Height, image.Width));
        Pair size = new(Side(image.Height), Side(image.Width));
        byte[] pixels = new ImageChanges(Size: size).Apply(image.RgbPixels, image.Shape);
        byte[] png = codec.Encode(pixels, new(image.Channels, size.Vertical, size.Horizontal), ImageFormat.Png, quality: 100, path: "");
        return new($"data:image/png;base64,{Convert.ToBase64String(png)}", size.Horizontal, size.Vertical);

        int Side(int length) => Math.Max(1, (int)Math.Round(length * scale));
    }

    /// <param name="text">What is to be seen.</param>
    internal void Write(HtmlWriter html, string text, string? tip = null) => html.Void("img",
        ("src", Uri), ("alt", text), ("width", $"{Width}"), ("height", $"{Height}"),
        ("class", Math.Max(Width, Height) <= FewPixels ? "pixels" : null), ("title", tip));
}
