using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using CnnTools.Images;
using CnnTools.Tests;
using CnnTools.Tests.Fuzzing;
using CnnTools.Tests.Images;
using CnnTools.Tests.ImageSamples;

namespace CnnTools.LibTorch.Tests.Images;

/// <summary>Core's own reader gives what libpng and libjpeg-turbo give, to the bit, and refuses what they refuse.</summary>
public sealed class ImageReaderTests
{
    private static readonly NativeImageCodec Native = NativeImageCodec.Load();
    private static readonly IImageCodec Reader = new ReaderAlone();
    private readonly byte[] _room = BrokenImages.Room();

    public static TheoryData<string> JpegFiles => [.. JpegSample.Files.Keys];

    [Fact]
    public void Png_of_all_kinds()
    {
        byte[][] transparencies = [[], [0, 3], [0, 3, 0, 4, 0, 5], [0, 128]];
        foreach ((int color, int depth) in PngSample.Kinds)
        {
            for (int i = 0; i < 64; i++)
            {
                AssertSame($"{color} {depth} {i}", new PngSample(color, depth, 1 + (i * 5 % 23), 1 + (i * 3 % 17))
                {
                    Interlaced = i % 2 == 1,
                    Filter = i % 5,
                    Transparency = transparencies[i % 4],
                    Exif = i % 3 == 0 ? [] : JpegSample.Exif(i % 9),
                }.File());
            }
        }
    }

    [Theory]
    [MemberData(nameof(JpegFiles))]
    public void Jpeg_of_any_kind(string name)
    {
        byte[] file = JpegSample.Files[name];
        for (int orientation = 0; orientation <= 9; orientation++)
        {
            AssertSame($"{name} {orientation}", JpegSample.WithExif(file, JpegSample.Exif(orientation)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Jpeg_of_any_quality(int channels)
    {
        RandomStream random = new(1, "jpeg qualities");
        for (int quality = 1; quality <= 100; quality++)
        {
            Shape shape = new(channels, 1 + random.NextInt32(70), 1 + random.NextInt32(70));
            byte[] pixels = new byte[shape.Count];
            int noise = random.NextInt32(3) * 80;  // none, so that whole blocks have one value, some, and much
            int level = random.NextInt32(256);
            for (int i = 0; i < pixels.Length; i++)
            {
                pixels[i] = (byte)Math.Clamp(level + random.NextInt32((2 * noise) + 1) - noise, 0, 255);
            }

            AssertSame($"quality {quality}", Native.Encode(pixels, shape, ImageFormat.Jpeg, quality, ""));
        }
    }

    [Fact]
    public void Jpeg_without_its_usual_tables()
    {
        List<byte> file = [.. Native.Encode(new byte[3 * 40 * 40], new(3, 40, 40), ImageFormat.Jpeg, 75, "")];
        for (int at; (at = CollectionsMarshal.AsSpan(file).IndexOf<byte>([0xFF, 0xC4])) >= 0;)
        {
            file.RemoveRange(at, 2 + (file[at + 2] << 8) + file[at + 3]);
        }

        AssertSame("Motion JPEG", [.. file]);
    }

    [RealDataFact("cifar10-jpeg.tar.gz")]
    public void Real_jpeg()
    {
        using FileStream file = File.OpenRead(Path.Combine(RealDataFactAttribute.Root, "cifar10-jpeg.tar.gz"));
        using GZipStream unpacked = new(file, CompressionMode.Decompress);
        using TarReader tar = new(unpacked);
        int images = 0;
        while (images < 1000 && tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { } data && ImageFile.IsImage(entry.Name))
            {
                byte[] bytes = new byte[data.Length];
                data.ReadExactly(bytes);
                AssertSame(entry.Name, bytes);
                images++;
            }
        }

        Assert.Equal(1000, images);
    }

    [Fact]
    public void What_is_cut_short_is_an_error()
    {
        byte[][] files =
        [
            new PngSample(2, 8, 9, 9).File(), new PngSample(3, 4, 9, 9) { Interlaced = true }.File(),
            .. JpegSample.Files.Values,
        ];
        foreach (byte[] file in files)
        {
            int signature = file[0] == 0x89 ? 8 : 3;
            for (int length = 0; length < file.Length; length++)
            {
                Assert.Equal(length < signature ? "UnsupportedImage" : "CorruptFile", FailureOf(Reader, file[..length])?.Id);
            }
        }
    }

    [Fact]
    public void Broken_exif_is_passed_over()
    {
        byte[] exif = JpegSample.Exif(6);
        for (int at = 0; at < exif.Length; at++)
        {
            foreach (byte value in (byte[])[0, 1, 127, 255])
            {
                byte[] broken = [.. exif];
                broken[at] = value;
                AssertSame($"exif {at} {value}", JpegSample.WithExif(JpegSample.Progressive, broken));
                AssertSame($"exif of {at}", JpegSample.WithExif(JpegSample.Progressive, exif[..at]));
                AssertSame($"exif {at} {value}", new PngSample(0, 8, 5, 3) { Exif = broken }.File());
            }
        }
    }

    [Fact]
    public void Png_damaged_anywhere()
    {
        byte[] whole = new PngSample(3, 4, 9, 9) { Transparency = [0, 128], Exif = JpegSample.Exif(6), Filter = 4 }.File();
        int passedOver = 0;
        for (int at = 8; at < whole.Length; at++)
        {
            byte[] file = [.. whole];
            file[at] ^= 1;
            if (FailureOf(Native, file) is not null)
            {
                Assert.NotNull(FailureOf(Reader, file));
                continue;
            }

            AssertSame($"byte {at}", file);
            passedOver++;
        }

        // The contents and the check sums of eXIf and tRNS.
        Assert.InRange(passedOver, 30, 50);
    }

    [Fact]
    public void What_the_libraries_refuse_is_refused()
    {
        Fuzz("png refused", BrokenImages.Png());
        Fuzz("jpeg refused", BrokenImages.Jpeg(Native));
    }

    private void Fuzz(string name, Func<RandomStream, byte[]> mutate) => Fuzzer.Run(
        name,
        mutate,
        file =>
        {
            CnnException? native = FailureOf(Native, file);
            BrokenImages.Read(Reader, file, _room);
            Assert.Null(native);
        },
        "CorruptFile", "UnsupportedImage", "ImageTooLarge");

    private CnnException? FailureOf(IImageCodec codec, byte[] file)
    {
        try
        {
            BrokenImages.Read(codec, file, _room);
            return null;
        }
        catch (CnnException exception)
        {
            return exception;
        }
    }

    private static void AssertSame(string name, byte[] file)
    {
        (ImageInfo expected, byte[] pixels) = Read(Native, file);
        (ImageInfo info, byte[] actual) = Read(Reader, file);
        Assert.Equal((name, expected with { Palette = [] }), (name, info with { Palette = [] }));
        Assert.Equal(expected.Palette, info.Palette);
        Assert.True(pixels.AsSpan().SequenceEqual(actual), name);
    }

    private static (ImageInfo Info, byte[] Pixels) Read(IImageCodec codec, byte[] file)
    {
        ImageInfo info = codec.Probe(file, "some.png");
        byte[] pixels = new byte[info.PixelShape.Count];
        codec.Decode(file, info, pixels);
        return (info, pixels);
    }

    private sealed class ReaderAlone : IImageCodec
    {
        public ImageInfo Probe(ReadOnlySpan<byte> file, string path) => ImageReader.Probe(file, path);

        public void Decode(ReadOnlySpan<byte> file, ImageInfo info, Span<byte> pixels) => ImageReader.Decode(file, info, pixels);

        public byte[] Encode(ReadOnlySpan<byte> pixels, Shape shape, ImageFormat format, int quality, string path) =>
            throw new NotSupportedException();
    }
}
