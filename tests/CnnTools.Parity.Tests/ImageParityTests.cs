using CnnTools.Backends;
using CnnTools.Images;
using CnnTools.Tests.ImageSamples;

namespace CnnTools.Tests;

/// <summary>The same pictures, read and scaled by Pillow: PNG equal, JPEG within 2 grey levels, scaling within 1.</summary>
public sealed class ImageParityTests
{
    [PillowFact]
    public void Pictures_are_read_and_scaled_as_Pillow_does_it()
    {
        using PyTorchExchange exchange = new();
        IImageCodec codec = Engine.Images;
        WritePictures(codec, exchange);
        exchange.Run("images.py");
        PillowPicture[] pictures = exchange.ReadResult<PillowPicture[]>();
        Assert.True(pictures.Length > 70, $"{pictures.Length} pictures");
        foreach (PillowPicture picture in pictures)
        {
            ImageChanges changes = new(
                Size: picture.Size is [int height, int width] ? new Pair(height, width) : null, Grayscale: picture.Grayscale);
            CnnImage image = ImageFile.Read(codec, exchange.PathOf(picture.File), changes);
            Assert.Equal(new Shape(picture.Shape), image.Shape);
            AssertWithin(picture, File.ReadAllBytes(exchange.PathOf(picture.Pixels)), image.Pixels);
        }

        CnnException error = Assert.Throws<CnnException>(() => ImageFile.Read(codec, exchange.PathOf("cmyk.jpg"), ImageChanges.None));
        Assert.Equal("UnsupportedImage", error.Id);
        Assert.Contains("CMYK", error.Message, StringComparison.Ordinal);
    }

    /// <summary>PNG of all kinds, and what our own encoder writes.</summary>
    private static void WritePictures(IImageCodec codec, PyTorchExchange exchange)
    {
        foreach ((int color, int depth) in PngSample.Kinds)
        {
            foreach (bool interlaced in (bool[])[false, true])
            {
                PngSample sample = new(color, depth, 21, 13) { Interlaced = interlaced };
                File.WriteAllBytes(exchange.PathOf($"kind{color}-{depth}-{interlaced}.png"), sample.File());
            }
        }

        byte[] pixels = [.. Enumerable.Range(0, 3 * 30 * 40).Select(i => (byte)(i / 7))];
        foreach (int channels in (int[])[1, 3])
        {
            foreach (ImageFormat format in Enum.GetValues<ImageFormat>())
            {
                byte[] file = codec.Encode(pixels.AsSpan(0, channels * 30 * 40), new(channels, 30, 40), format, 85, "");
                File.WriteAllBytes(exchange.PathOf($"ours{channels}{ImageFile.ExtensionOf(format)}"), file);
            }
        }
    }

    private static void AssertWithin(PillowPicture picture, byte[] expected, byte[] actual)
    {
        int tolerance = picture.Size is not null ? 1 : picture.File.EndsWith(".jpg", StringComparison.Ordinal) ? 2 : 0;
        int worst = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
        Assert.True(worst <= tolerance, $"{picture.File} {string.Join('x', picture.Size ?? [])}: {worst} grey levels from Pillow's.");
    }

    private sealed record PillowPicture(string File, int[] Shape, string Pixels, int[]? Size, bool Grayscale);
}
