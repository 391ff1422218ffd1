using CnnTools.Data;
using FsCheck.Fluent;

namespace CnnTools.Tests.Data;

public class IdxReaderTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_images_raw_and_gzipped_whatever_the_name(bool gzip)
    {
        using TemporaryFolder folder = new();
        byte[] content = IdxFiles.Images(2, 2, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        string path = folder.Write("images.bin", gzip ? IdxFiles.Gzip(content) : content);

        IdxImages images = IdxReader.ReadImages(path);

        Assert.Equal(2, images.Count);
        Assert.Equal(new Shape(1, 2, 3), images.ImageShape);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], images.Pixels);
    }

    [Fact]
    public void What_is_written_is_read_back() => Properties.Hold(Prop.ForAll(
        Gen.Choose(1, 6).Three().Zip(Gen.Choose(0, 255), (sizes, fill) => (sizes, fill)).ToArbitrary(),
        made =>
        {
            ((int count, int rows, int columns), int fill) = made;
            byte[] pixels = [.. Enumerable.Range(0, count * rows * columns).Select(i => (byte)(fill + (i * 31)))];
            byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)((fill + i) % 10))];
            IdxImages images = ReadImages(IdxFiles.Gzip(IdxFiles.Images(count, rows, columns, pixels)));
            return images.Count == count && images.ImageShape == new Shape(1, rows, columns)
                && images.Pixels.SequenceEqual(pixels)
                && ReadLabels(IdxFiles.Labels(labels)).SequenceEqual(labels.Select(label => (int)label));
        }));

    [Fact]
    public void Content_of_many_chunks_is_read_whole()
    {
        byte[] content = IdxFiles.Images(3000, 30, 41);
        IdxImages images = ReadImages(IdxFiles.Gzip(content));
        Assert.True(images.Pixels.AsSpan().SequenceEqual(content.AsSpan(16)));
    }

    public static TheoryData<string, byte[], string> BadImages => new()
    {
        { "empty", [], "it ends after 0 bytes, a header of 16 was expected" },
        { "header cut", IdxFiles.Header(0x803, 2), "it ends after 8 bytes, a header of 16 was expected" },
        { "labels", IdxFiles.Labels(1, 2), "0x00000801 (labels), 0x00000803 (images" },
        { "other type", IdxFiles.Header(0xD03, 1, 1, 1), "it begins with 0x00000D03, 0x00000803" },
        { "no images", IdxFiles.Header(0x803, 0, 28, 28), "declares 0 x 28 x 28 bytes, 1 to" },
        { "no columns", IdxFiles.Header(0x803, 1, 28, 0), "declares 1 x 28 x 0 bytes, 1 to" },
        { "negative", IdxFiles.Header(0x803, -1, 28, 28), "a size of 4294967295" },
        { "absurd", IdxFiles.Header(0x803, int.MaxValue, int.MaxValue, int.MaxValue), "1 to 1073741824 were expected" },
        { "largest, absent", IdxFiles.Header(0x803, 1 << 10, 1 << 10, 1 << 10), "1073741824 bytes, at most 0 follow" },
        { "largest, absent, gzipped", IdxFiles.Gzip(IdxFiles.Header(0x803, 1 << 10, 1 << 10, 1 << 10)), "1073741824 bytes" },
        { "short", IdxFiles.Images(2, 2, 2)[..^1], "declares 8 bytes, at most 7 follow" },
        { "short, gzipped", IdxFiles.Gzip(IdxFiles.Images(2, 2, 2)[..^1]), "declares 8 bytes, at most 7 follow" },
        { "trailing", [.. IdxFiles.Images(2, 2, 2), 0], "bytes follow after the 8" },
        { "trailing, gzipped", IdxFiles.Gzip([.. IdxFiles.Images(2, 2, 2), 0]), "bytes follow after the 8" },
        { "gzip magic only", [0x1F, 0x8B], "it ends after 0 bytes" },
        { "gzip of nonsense", [0x1F, 0x8B, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9], "its compressed data are damaged" },
        { "after the gzip", [.. IdxFiles.Gzip(IdxFiles.Images(2, 2, 2)), 1, 2, 3, 4, 5], "record a length of" },
    };

    [Theory]
    [MemberData(nameof(BadImages))]
    public void Bad_files_are_named_with_what_was_found_and_expected(string what, byte[] content, string reason)
    {
        CnnException error = Assert.Throws<CnnException>(() => ReadImages(content));
        Assert.Equal("CorruptFile", error.Id);
        Assert.Contains($"'{FileName}'", error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Contains(reason, StringComparison.Ordinal), $"{what}: {error.Message}");
        Assert.NotEmpty(error.Remedy);
    }

    [Fact]
    public void A_gzip_cut_off_anywhere_is_an_error()
    {
        byte[] whole = IdxFiles.Gzip(IdxFiles.Images(5, 4, 4));
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Equal("CorruptFile", Assert.Throws<CnnException>(() => ReadImages(whole[..length])).Id);
        }
    }

    [Fact]
    public void A_label_beyond_the_classes_is_an_error()
    {
        CnnException error = Assert.Throws<CnnException>(() => ReadLabels(IdxFiles.Labels(0, 9, 10)));
        Assert.Contains("label 2 is 10, with 10 classes at most 9 was expected", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_of_images_and_labels_must_agree()
    {
        using TemporaryFolder folder = new();
        string images = folder.Write("images", IdxFiles.Images(3, 2, 2));
        string labels = folder.Write("labels", IdxFiles.Labels(1, 2));
        CnnException error = Assert.Throws<CnnException>(() => IdxReader.ReadImageSet(images, labels, 10));
        Assert.Contains("2 labels, 3 were expected", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_cannot_be_opened_are_errors()
    {
        using TemporaryFolder folder = new();
        Assert.Equal("FileNotFound",
            Assert.Throws<CnnException>(() => IdxReader.ReadImages(Path.Combine(folder.Path, "no", "file"))).Id);
        Assert.Equal("CannotRead", Assert.Throws<CnnException>(() => IdxReader.ReadImages(folder.Path)).Id);
        Assert.Equal("CannotRead", Assert.Throws<CnnException>(() => IdxReader.ReadImages("a\0b")).Id);
    }

    private const string FileName = "some-file";

    private static IdxImages ReadImages(byte[] content) => IdxReader.ReadImages(new MemoryStream(content), FileName);

    private static int[] ReadLabels(byte[] content) => IdxReader.ReadLabels(new MemoryStream(content), FileName, 10);
}
