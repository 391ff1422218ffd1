using CnnTools.Images;

namespace CnnTools.Tests.Images;

public sealed class ImageChangesTests
{
    private static readonly Shape Shape = new(3, 4, 5);
    private static readonly byte[] Pixels = [.. Enumerable.Range(0, 60).Select(i => (byte)i)];

    [Fact]
    public void Nothing_to_do_gives_the_same_array()
    {
        Assert.Same(Pixels, ImageChanges.None.Apply(Pixels, Shape));
        Assert.Equal(Shape, ImageChanges.None.ShapeOf(Shape, "a.png"));
    }

    [Fact]
    public void A_box_is_cut_from_every_plane()
    {
        ImageChanges changes = new(new CropBox(new(1, 2), new(2, 3)));
        Assert.Equal(new Shape(3, 2, 3), changes.ShapeOf(Shape, "a.png"));
        Assert.Equal(
            [7, 8, 9, 12, 13, 14, 27, 28, 29, 32, 33, 34, 47, 48, 49, 52, 53, 54], changes.Apply(Pixels, Shape));
    }

    [Theory]
    [InlineData(2, 3, 6)]
    [InlineData(2, 2, 7)] // 1.5 columns to the left: torchvision rounds to the even number
    [InlineData(4, 5, 0)]
    public void The_centre_is_that_of_torchvision(int height, int width, byte first) =>
        Assert.Equal(first, new ImageChanges(new CropBox(null, new(height, width))).Apply(Pixels, Shape)[0]);

    [Theory]
    [InlineData(0, 0, 5, 5)]
    [InlineData(0, 3, 1, 3)]
    [InlineData(-1, 0, 2, 2)]
    [InlineData(0, 0, 0, 2)]
    [InlineData(1, 1, int.MaxValue, int.MaxValue)]
    public void A_box_beyond_the_image_is_an_error(int top, int left, int height, int width)
    {
        ImageChanges changes = new(new CropBox(new(top, left), new(height, width)));
        CnnException error = Assert.Throws<CnnException>(() => changes.ShapeOf(Shape, "a.png"));
        Assert.Equal("CropOutside", error.Id);
        Assert.Contains("4 x 5", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(4, -1)]
    [InlineData(70000, 1)]
    [InlineData(65536, 65536)]
    public void A_size_that_cannot_be_is_an_error(int height, int width) =>
        Assert.Equal("InvalidArgument", Assert.Throws<CnnException>(
            () => new ImageChanges(Size: new(height, width)).ShapeOf(Shape, "a.png")).Id);

    [Fact]
    public void An_image_with_too_much_between_the_passes_of_scaling_is_named()
    {
        CnnException error = Assert.Throws<CnnException>(() => new ImageChanges(Size: new(1, 65536)).ShapeOf(new(1, 65536, 1), "a.png"));
        Assert.Equal(("ImageTooLarge", "a.png"), (error.Id, error.Target));
    }

    [Fact]
    public void Scaled_or_grey_pixels_are_of_8_bits_and_no_palettes()
    {
        ImageInfo binary = new("a.png", ImageFormat.Png, 5, 4, ImageKind.Binary, 1, [], HasAlpha: false, Interlaced: false, Orientation: 1);
        ImageInfo indexed = binary with { Kind = ImageKind.Indexed, BitDepth = 4, Palette = [default, new(1, 2, 3)] };
        ImageInfo scaled = new ImageChanges(Size: 2).InfoOf(binary);
        ImageInfo grey = new ImageChanges(Grayscale: true).InfoOf(indexed);

        Assert.Same(binary, new ImageChanges(new CropBox(null, 2), Grayscale: true).InfoOf(binary));
        Assert.Equal((ImageKind.Grayscale, PixelType.UInt8, 255, 5), (scaled.Kind, scaled.PixelType, scaled.Maximum, scaled.Width));
        Assert.Equal((ImageKind.Grayscale, 255, 0), (grey.Kind, grey.Maximum, grey.Palette.Count));
        Assert.Equal((ImageKind.Rgb, 0), (new ImageChanges(Size: 2).InfoOf(indexed).Kind, new ImageChanges(Size: 2).InfoOf(indexed).Palette.Count));
    }

    [Theory]
    [InlineData(3, new[] { 1, 5, 5 })]
    [InlineData(8, new[] { 2, 2, 2 })]
    [InlineData(4, new[] { 2, 2 })]
    public void A_shape_of_no_image_is_an_error(int count, int[] sizes) =>
        Assert.Equal("InvalidArgument", Assert.Throws<CnnException>(() => new CnnImage(new byte[count], new(sizes))).Id);

    [Fact]
    public void An_array_has_channels_rows_and_columns_and_is_a_copy()
    {
        CnnImage image = new(Pixels, Shape);
        byte[,,] array = image.ToArray();
        Assert.Equal((3, 4, 5, 59), (array.GetLength(0), array.GetLength(1), array.GetLength(2), array[2, 3, 4]));
        array[0, 0, 1] = 9;
        Assert.Equal(1, image[0, 0, 1]);
    }

    [Fact]
    public void Grey_is_that_of_ITU_R_601()
    {
        static byte Grey(byte red, byte green, byte blue) => Planes.ToGrayscale([red, green, blue], new(3, 1, 1))[0];
        Assert.Equal([0, 255, 76, 150, 29, 124], [Grey(0, 0, 0), Grey(255, 255, 255), Grey(255, 0, 0), Grey(0, 255, 0), Grey(0, 0, 255), Grey(200, 100, 50)]);
        Assert.Equal(new Shape(1, 4, 5), new ImageChanges(Grayscale: true).ShapeOf(Shape, "a.png"));
        Assert.Same(Pixels, new ImageChanges(Grayscale: true).Apply(Pixels, new(1, 6, 10)));
    }

    [Fact]
    public void Bgr_exchanges_the_outer_planes()
    {
        byte[] reversed = new ImageChanges(Order: ChannelOrder.Bgr).Apply(Pixels, Shape);
        Assert.Equal([.. Pixels[40..], .. Pixels[20..40], .. Pixels[..20]], reversed);
        Assert.Equal(Pixels, Planes.Reverse(reversed, Shape));
    }

    [Fact]
    public void An_image_of_one_colour()
    {
        CnnImage image = CnnImage.OfColor(new(3, 2, 2), new(200, 100, 50));
        Assert.Equal([200, 200, 200, 200, 100, 100, 100, 100, 50, 50, 50, 50], image.Pixels);
        Assert.Equal((ImageKind.Rgb, 8, 0, 255, null), (image.Kind, image.BitDepth, image.Minimum, image.Maximum, image.Format));
        CnnImage grey = CnnImage.OfColor(new(1, 1, 2), new(200, 100, 50));
        Assert.Equal([124, 124], grey.Pixels);
        Assert.Equal((ImageKind.Grayscale, 1), (grey.Kind, grey.Channels));
    }

    [Theory]
    [InlineData("a.png", ImageFormat.Png)]
    [InlineData("/some/b.JPG", ImageFormat.Jpeg)]
    [InlineData("c.d.jpeg", ImageFormat.Jpeg)]
    public void The_extension_tells_the_format(string path, ImageFormat format) => Assert.Equal(format, ImageFile.FormatOf(path));

    [Theory]
    [InlineData("a.gif")]
    [InlineData("png")]
    public void An_extension_that_tells_none_is_an_error(string path) =>
        Assert.Equal("NoImageFormat", Assert.Throws<CnnException>(() => ImageFile.FormatOf(path)).Id);
}
