using CnnTools.Images;
using CnnTools.Tests.Fuzzing;
using CnnTools.Tests.ImageSamples;

namespace CnnTools.Tests.Images;

/// <summary>Broken image files: an image or an error comes out, and little memory is taken.</summary>
public sealed class ImageFuzzTests
{
    // Deflate makes 1032 bytes of one, and each holds 8 pixels of 1 bit, which are indices of colours.
    private const int MostFromOneByte = 1032 * 8 * 3;

    private static readonly IImageCodec Codec = Engine.Images;

    [Fact]
    public void Png()
    {
        byte[][] originals =
        [
            .. PngSample.Kinds.Select(kind => new PngSample(kind.ColorType, kind.BitDepth, 11, 9) { Interlaced = kind.BitDepth != 8 }.File()),
            new PngSample(3, 4, 11, 9) { Transparency = [0, 1, 2] }.File(),
            new PngSample(0, 8, 11, 9) { Exif = JpegSample.Exif(6) }.File(),
        ];
        Run("png", random =>
        {
            byte[] file = Mutation.Of(originals[random.NextInt32(originals.Length)], random);
            if (random.NextInt32(4) > 0)
            {
                // Else the check sums would keep nearly everything from being looked at.
                PngSample.Repair(file);
            }

            return file;
        });
    }

    [Fact]
    public void Jpeg()
    {
        byte[] pixels = [.. Enumerable.Range(0, 3 * 17 * 19).Select(i => (byte)(i * i))];
        byte[][] originals =
        [
            Codec.Encode(pixels, new(3, 17, 19), ImageFormat.Jpeg, 50, ""),
            Codec.Encode(pixels.AsSpan(0, 17 * 19), new(1, 17, 19), ImageFormat.Jpeg, 90, ""),
            JpegSample.Progressive,
            JpegSample.WithExif(JpegSample.Progressive, JpegSample.Exif(8)),
        ];
        Run("jpeg", random => Mutation.Of(originals[random.NextInt32(originals.Length)], random));
    }

    private static void Run(string name, Func<RandomStream, byte[]> mutate)
    {
        byte[] pixels = new byte[MostFromOneByte * 2000];
        Fuzzer.Run(
            name,
            mutate,
            file =>
            {
                ImageInfo info = Codec.Probe(file, "broken");
                Assert.InRange(info.PixelShape.Count, 1, MostFromOneByte * file.Length);
                Codec.Decode(file, info, pixels.AsSpan(0, (int)info.PixelShape.Count));
            },
            "CorruptFile", "UnsupportedImage", "ImageTooLarge");
    }
}
