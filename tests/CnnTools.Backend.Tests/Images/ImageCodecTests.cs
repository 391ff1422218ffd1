using CnnTools.Images;
using CnnTools.Tests.ImageSamples;

namespace CnnTools.Tests.Images;

/// <summary>What is read from files whose pixels are known, and what is said of files that are none.</summary>
public sealed class ImageCodecTests
{
    private static readonly IImageCodec Codec = Engine.Images;

    public static TheoryData<int, int, bool> PngKinds
    {
        get
        {
            TheoryData<int, int, bool> data = [];
            foreach ((int color, int depth) in PngSample.Kinds)
            {
                data.Add(color, depth, false);
                data.Add(color, depth, true);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(PngKinds))]
    public void A_png_of_any_kind_is_read_exactly(int colorType, int bitDepth, bool interlaced)
    {
        // 1x1 leaves most passes of an interlaced image empty; 19 pixels do not fill their last byte.
        (int Width, int Height, int Filter)[] cases = [(19, 13, 0), (1, 1, 0), (8, 8, 1), (3, 9, 2), (2, 5, 3), (19, 13, 4)];
        foreach ((int width, int height, int filter) in cases)
        {
            PngSample sample = new(colorType, bitDepth, width, height) { Interlaced = interlaced, Filter = filter };
            (ImageInfo info, byte[] pixels) = Read(sample.File());
            Assert.Equal(sample.Pixels(), pixels);
            Assert.Equal((ImageFormat.Png, width, height, bitDepth), (info.Format, info.Width, info.Height, info.BitDepth));
            Assert.Equal((interlaced, colorType >= 4), (info.Interlaced, info.HasAlpha));
        }
    }

    [Fact]
    public void The_four_kinds_are_told_with_type_and_range()
    {
        (ImageKind, int, PixelType, int) Describe(int color, int depth)
        {
            ImageInfo info = Codec.Probe(new PngSample(color, depth, 5, 4).File(), "a.png");
            Assert.Equal(0, info.Minimum);
            Assert.Equal(new Shape(info.Channels, 4, 5), info.Shape);
            return (info.Kind, info.Channels, info.PixelType, info.Maximum);
        }

        Assert.Equal((ImageKind.Binary, 1, PixelType.Bit, 1), Describe(0, 1));
        Assert.Equal((ImageKind.Grayscale, 1, PixelType.UInt8, 15), Describe(0, 4));
        Assert.Equal((ImageKind.Grayscale, 1, PixelType.UInt8, 255), Describe(4, 8));
        Assert.Equal((ImageKind.Grayscale, 1, PixelType.UInt16, 65535), Describe(0, 16));
        Assert.Equal((ImageKind.Indexed, 1, PixelType.Bit, 1), Describe(3, 1));
        Assert.Equal((ImageKind.Indexed, 1, PixelType.UInt8, 255), Describe(3, 8));
        Assert.Equal((ImageKind.Rgb, 3, PixelType.UInt8, 255), Describe(2, 8));
        Assert.Equal((ImageKind.Rgb, 3, PixelType.UInt16, 65535), Describe(6, 16));
    }

    [Fact]
    public void An_indexed_image_has_its_palette()
    {
        ImageInfo info = Codec.Probe(new PngSample(3, 4, 5, 4).File(), "a.png");
        Assert.Equal(16, info.Palette.Count);
        Assert.Equal(new RgbColor(255 - 9, 27, 63), info.Palette[9]);
        Assert.Equal("#F61B3F", $"{info.Palette[9]}");
        Assert.Equal(new Shape(3, 4, 5), info.PixelShape);
        Assert.Empty(Codec.Probe(new PngSample(2, 8, 5, 4).File(), "a.png").Palette);
    }

    [Theory]
    [InlineData(0, 4, new byte[] { 0, 3 })]
    [InlineData(2, 8, new byte[] { 0, 3, 0, 4, 0, 5 })]
    [InlineData(3, 2, new byte[] { 0, 128, 255 })]
    public void A_transparent_colour_is_told_and_left_out(int colorType, int bitDepth, byte[] transparency)
    {
        PngSample sample = new(colorType, bitDepth, 9, 9) { Transparency = transparency };
        (ImageInfo info, byte[] pixels) = Read(sample.File());
        Assert.True(info.HasAlpha);
        Assert.Equal(sample.Pixels(), pixels);
    }

    [Fact]
    public void A_progressive_jpeg_is_read()
    {
        (ImageInfo info, byte[] pixels) = Read(JpegSample.Progressive);
        Assert.True(info.Interlaced);
        Assert.Equal((ImageFormat.Jpeg, ImageKind.Rgb, 16, 8), (info.Format, info.Kind, info.Width, info.Height));
        Assert.Equal([200, 100, 50], Pixel(pixels, info.PixelShape, 0, 0));
        Assert.Equal([20, 60, 220], Pixel(pixels, info.PixelShape, 7, 15));
    }

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(2, 0, 15)]
    [InlineData(3, 7, 15)]
    [InlineData(4, 7, 0)]
    [InlineData(5, 0, 0)]
    [InlineData(6, 0, 7)]
    [InlineData(7, 15, 7)]
    [InlineData(8, 15, 0)]
    public void Orientation_is_honoured(int orientation, int row, int column)
    {
        // In both files the stored first pixel is one of its own.
        (ImageInfo info, byte[] pixels) = Read(JpegSample.WithExif(JpegSample.Progressive, JpegSample.Exif(orientation)));
        Assert.Equal(orientation, info.Orientation);
        Assert.Equal(orientation >= 5 ? (8, 16) : (16, 8), (info.Width, info.Height));
        Assert.Equal([200, 100, 50], Pixel(pixels, info.PixelShape, row, column));

        PngSample sample = new(2, 8, 16, 8) { Exif = JpegSample.Exif(orientation) };
        byte[] first = Pixel(sample.Pixels(), new(3, 8, 16), 0, 0);
        (info, pixels) = Read(sample.File());
        Assert.Equal(first, Pixel(pixels, info.PixelShape, row, column));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void What_is_written_is_read(int channels)
    {
        Shape shape = new(channels, 24, 17);
        byte[] pixels = [.. Enumerable.Range(0, (int)shape.Count).Select(i => (byte)(i / 5))];
        Assert.Equal(pixels, Read(Codec.Encode(pixels, shape, ImageFormat.Png, 90, "")).Pixels);
        (ImageInfo info, byte[] read) = Read(Codec.Encode(pixels, shape, ImageFormat.Jpeg, 100, ""));
        Assert.Equal((ImageFormat.Jpeg, shape), (info.Format, info.PixelShape));
        Assert.InRange(pixels.Zip(read, (a, b) => Math.Abs(a - b)).Average(), 0, 8);
        Assert.True(Codec.Encode(pixels, shape, ImageFormat.Jpeg, 10, "").Length < Codec.Encode(pixels, shape, ImageFormat.Jpeg, 95, "").Length);
    }

    [Fact]
    public void A_shape_that_is_not_that_of_the_pixels_is_an_error() =>
        Assert.Equal("InvalidArgument", Assert.Throws<CnnException>(
            () => Codec.Encode(new byte[11], new(3, 2, 2), ImageFormat.Png, 90, "")).Id);

    [Fact]
    public void What_is_no_image_names_the_file_and_the_reason()
    {
        AssertFails("UnsupportedImage", "neither PNG nor JPEG", [.. "this is text, whatever its name"u8]);
        AssertFails("UnsupportedImage", "CMYK", JpegSample.Header(8, 8, components: 4));
        AssertFails("ImageTooLarge", "60000 x 60000", new PngSample(2, 8, 60000, 60000).Header());
        AssertFails("ImageTooLarge", "60000 x 60000", JpegSample.Header(60000, 60000, components: 3));
        // All of its coefficients are in memory at once.
        AssertFails("ImageTooLarge", "10000 x 10000", JpegSample.Header(10000, 10000, components: 3, progressive: true));
        AssertFails("CorruptFile", "too early", JpegSample.Header(10000, 10000, components: 3));
        AssertFails("CorruptFile", "too early", new PngSample(2, 8, 16000, 16000).Header());
        AssertFails("CorruptFile", "too early", JpegSample.Progressive[..^30]);
        AssertFails("CorruptFile", "too early", new PngSample(2, 8, 9, 9).File()[..^5]);
        AssertFails("CorruptFile", "beyond its palette", (new PngSample(3, 4, 9, 9) { Colors = 5, Interlaced = true }).File());
    }

    private static void AssertFails(string id, string words, byte[] file)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        CnnException error = Assert.Throws<CnnException>(() => Read(file));
        Assert.Equal(id, error.Id);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("'some.png'", error.Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    private static (ImageInfo Info, byte[] Pixels) Read(byte[] file)
    {
        ImageInfo info = Codec.Probe(file, "some.png");
        byte[] pixels = new byte[info.PixelShape.Count];
        Codec.Decode(file, info, pixels);
        return (info, pixels);
    }

    private static byte[] Pixel(byte[] pixels, Shape shape, int row, int column) =>
        [.. Enumerable.Range(0, shape.Channels).Select(c => pixels[(((c * shape.Height) + row) * shape.Width) + column])];
}
