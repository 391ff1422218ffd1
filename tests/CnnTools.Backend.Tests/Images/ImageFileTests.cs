using System.Runtime.CompilerServices;
using CnnTools.Images;
using CnnTools.Tests.Data;
using CnnTools.Tests.ImageSamples;

namespace CnnTools.Tests.Images;

/// <summary>Files on disk, and images whose pixels come and go.</summary>
public sealed class ImageFileTests : IDisposable
{
    private static readonly IImageCodec Codec = Engine.Images;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_content_decides_and_not_the_name()
    {
        CnnImage image = Read(_folder.Write("photo.jpg", new PngSample(2, 8, 6, 4).File()));
        Assert.Equal((ImageFormat.Png, "photo.jpg", "photo.jpg (3x4x6)"), (image.Format, image.Name, $"{image}"));
        Assert.Equal(new PngSample(2, 8, 6, 4).Sample(5, 3, 2), image[2, 3, 5]);
        Assert.Equal("InvalidArgument", Assert.Throws<CnnException>(() => image[3, 0, 0]).Id);
    }

    [Fact]
    public void Broken_files_are_found_when_they_are_read()
    {
        byte[] whole = new PngSample(2, 8, 40, 40).File();
        Assert.Equal("CorruptFile", FailureOf(_folder.Write("cut.png", whole[..(whole.Length / 2)])));
        Assert.Equal("CorruptFile", FailureOf(_folder.Write("empty.png", [])));
        Assert.Equal("FileNotFound", FailureOf(Path.Combine(_folder.Path, "none.png")));
        Assert.Equal("FileNotFound", FailureOf(Path.Combine(_folder.Path, "none", "none.png")));
        Assert.Equal("CannotRead", FailureOf(_folder.Path));
        Assert.Equal("CannotRead", FailureOf("a\0b.png"));
    }

    [Fact]
    public void Changes_are_made_in_their_order()
    {
        string path = _folder.Write("a.png", new PngSample(2, 8, 12, 10).File());
        ImageChanges changes = new(new CropBox(new(2, 3), new(6, 8)), new(3, 4), Order: ChannelOrder.Bgr);
        CnnImage image = Read(path, changes);
        byte[] part = Planes.Crop(new PngSample(2, 8, 12, 10).Pixels(), new(3, 10, 12), new(new(2, 3), new(6, 8)));
        byte[] wanted = Planes.Reverse(BilinearResize.Apply(part, new(3, 6, 8), new(3, 4)), new(3, 3, 4));
        Assert.Equal((new Shape(3, 3, 4), ChannelOrder.Bgr, ImageKind.Rgb), (image.Shape, image.ChannelOrder, image.Kind));
        Assert.Equal(wanted, image.Pixels);

        CnnImage grey = Read(path, new(Grayscale: true, Order: ChannelOrder.Bgr));
        Assert.Equal((new Shape(1, 10, 12), ChannelOrder.Rgb, ImageKind.Grayscale), (grey.Shape, grey.ChannelOrder, grey.Kind));
        Assert.Equal(Planes.ToGrayscale(new PngSample(2, 8, 12, 10).Pixels(), new(3, 10, 12)), grey.Pixels);
    }

    [Fact]
    public void Pixels_that_were_let_go_are_read_again()
    {
        string path = _folder.Write("a.png", new PngSample(2, 8, 300, 300).File());
        CnnImage image = Read(path, new(Size: 200));
        (WeakReference first, byte[] values) = PixelsOf(image);
        Collect();
        Assert.False(first.IsAlive);
        Assert.Equal(values, PixelsOf(image).Copy);

        byte[] other = File.ReadAllBytes(path);
        other[^1] ^= 1;
        _folder.Write("a.png", other);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddSeconds(3));
        Collect();
        Assert.Equal("ImageChanged", Assert.Throws<CnnException>(() => image.Pixels).Id);
        File.Delete(path);
        Assert.Equal("FileNotFound", Assert.Throws<CnnException>(() => image.Pixels).Id);
    }

    [Fact]
    public void A_list_of_many_images_stays_small()
    {
        string path = _folder.Write("a.png", new PngSample(0, 8, 2000, 1000).File());
        CnnImage[] images = [.. Enumerable.Range(0, 40).Select(_ => Read(path))];
        WeakReference[] pixels = [.. images.Select(image => PixelsOf(image).Array)];
        Collect();
        Assert.DoesNotContain(pixels, array => array.IsAlive);
        Assert.All(images.Take(2), image => Assert.Equal(2_000_000, image.Pixels.Length));
    }

    [Fact]
    public void Pixels_that_are_kept_are_not_read_again()
    {
        string path = _folder.Write("a.png", new PngSample(0, 8, 300, 300).File());
        CnnImage image = ImageFile.Read(Codec, path, ImageChanges.None, keep: true);
        File.Delete(path);
        Collect();
        Assert.Equal(new PngSample(0, 8, 300, 300).Pixels(), image.Pixels);
    }

    [Fact]
    public void A_row_beyond_all_bounds_is_told_with_its_file()
    {
        string path = _folder.Write("wide.png", new PngSample(0, 1, 70_000, 2).File());
        foreach (ImageChanges changes in new ImageChanges[] { ImageChanges.None, new(Size: 8) })
        {
            CnnException error = Assert.Throws<CnnException>(() => Read(path, changes));
            Assert.Equal(("ImageTooLarge", path), (error.Id, error.Target));
            Assert.Contains("70000 x 2", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Bgr_is_written_as_it_looks()
    {
        string path = _folder.Write("a.png", new PngSample(2, 8, 6, 4).File());
        string copy = Path.Combine(_folder.Path, "b.png");
        ImageFile.Write(Codec, Read(path, new(Order: ChannelOrder.Bgr)), copy, ImageFormat.Png, 90);
        Assert.Equal(new PngSample(2, 8, 6, 4).Pixels(), Read(copy).Pixels);
    }

    [Fact]
    public void What_cannot_be_written_leaves_what_was_there()
    {
        string path = _folder.Write("a.jpg", [1, 2, 3]);
        CnnImage wide = new(new byte[65501], new(1, 1, 65501));
        Assert.Equal("UnsupportedImage", Assert.Throws<CnnException>(() => ImageFile.Write(Codec, wide, path, ImageFormat.Jpeg, 90)).Id);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    /// <summary>Apart from the test, whose frame would hold the array.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Array, byte[] Copy) PixelsOf(CnnImage image) => (new(image.Pixels), [.. image.Pixels]);

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    private static string FailureOf(string path) => Assert.Throws<CnnException>(() => Read(path)).Id;

    private static CnnImage Read(string path, ImageChanges? changes = null) => ImageFile.Read(Codec, path, changes ?? ImageChanges.None);
}
