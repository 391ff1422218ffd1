using CnnTools.Images;
using CnnTools.Tests.Fuzzing;
using CnnTools.Tests.ImageSamples;

namespace CnnTools.Tests.Images;

/// <summary>Makes broken image files, for <see cref="Fuzzer"/>.</summary>
internal static class BrokenImages
{
    // Deflate makes 1032 bytes of one, and each holds 8 pixels of 1 bit, which are indices of colours.
    private const int MostFromOneByte = 1032 * 8 * 3;

    // Coefficients and samples of a progressive JPEG are 1536 bytes for one at most, and Fuzzer allows a megabyte.
    private const int MostJpegBytes = 650;

    /// <summary>PNG of all kinds.</summary>
    public static Func<RandomStream, byte[]> Png()
    {
        byte[][] originals =
        [
            .. PngSample.Kinds.Select(kind =>
                new PngSample(kind.ColorType, kind.BitDepth, 11, 9) { Interlaced = kind.BitDepth != 8 }.File()),
            new PngSample(3, 4, 11, 9) { Transparency = [0, 1, 2] }.File(),
            new PngSample(0, 8, 11, 9) { Exif = JpegSample.Exif(6) }.File(),
        ];
        return random =>
        {
            byte[] file = Mutation.Of(originals[random.NextInt32(originals.Length)], random);
            if (random.NextInt32(4) > 0)
            {
                // Else the check sums would keep nearly everything from being looked at.
                PngSample.Repair(file);
            }

            return file;
        };
    }

    /// <summary>JPEG, sequential and progressive.</summary>
    public static Func<RandomStream, byte[]> Jpeg(IImageCodec codec)
    {
        byte[] pixels = [.. Enumerable.Range(0, 3 * 17 * 19).Select(i => (byte)(i * i))];
        byte[][] originals =
        [
            codec.Encode(pixels, new(3, 17, 19), ImageFormat.Jpeg, 50, ""),
            codec.Encode(pixels.AsSpan(0, 17 * 19), new(1, 17, 19), ImageFormat.Jpeg, 90, ""),
            JpegSample.Progressive,
            JpegSample.WithExif(JpegSample.Progressive, JpegSample.Exif(8)),
            .. JpegSample.Files.Values.Where(file => file.Length < MostJpegBytes),
        ];
        return random => Mutation.Of(originals[random.NextInt32(originals.Length)], random);
    }

    /// <summary>Room for the pixels of those that can be read.</summary>
    public static byte[] Room() => new byte[MostFromOneByte * 2000];

    /// <summary>Reads one that declares no more than its length allows.</summary>
    public static void Read(IImageCodec codec, byte[] file, byte[] room)
    {
        ImageInfo info = codec.Probe(file, "broken");
        Assert.InRange(info.PixelShape.Count, 1, MostFromOneByte * file.Length);
        codec.Decode(file, info, room.AsSpan(0, (int)info.PixelShape.Count));
    }
}
