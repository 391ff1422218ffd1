using System.Text;
using CnnTools.Data;

namespace CnnTools.Tests.Data;

public sealed class CifarDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cifar-10-batches-bin")]
    [InlineData("cifar10")]
    [InlineData("")]
    public void Cifar10_reads_its_batches_one_after_the_other(string subfolder)
    {
        CifarFiles.WriteCifar10(_folder, subfolder);
        Dataset data = DatasetCatalog.Load("cifar10", _folder.Path);
        Assert.Equal([1, 5, 2, 6, 3, 7, 4, 8, 5, 9], data.Train.Labels);
        Assert.Equal([3, 2, 1], data.Test.Labels);
        Assert.Equal(new Shape(3, 32, 32), data.ImageShape);
        Assert.Equal(CifarFiles.Pixels(1), data.Train.Pixels[^CifarFiles.ImageBytes..]);
        Assert.Equal(CifarFiles.Pixels(2), data.Test.Pixels[^CifarFiles.ImageBytes..]);
        Assert.Equal(("airplane", "truck", 10), (data.ClassNames[0], data.ClassNames[9], data.Classes));
        Assert.True(data.Normalization.IsValidFor(3));
    }

    [Fact]
    public void Cifar100_has_the_fine_labels()
    {
        _folder.Write("cifar-100-binary/train.bin", CifarFiles.Records(true, 99, 0, 42));
        _folder.Write("cifar-100-binary/test.bin", CifarFiles.Records(true, 7));
        Dataset data = DatasetCatalog.Load("CIFAR100", _folder.Path);
        Assert.Equal([99, 0, 42], data.Train.Labels);
        Assert.Equal(CifarFiles.Pixels(2), data.Train.Pixels[^CifarFiles.ImageBytes..]);
        Assert.Equal(100, data.ClassNames.Distinct().Count());
        Assert.Equal(data.ClassNames, data.ClassNames.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Class_names_are_the_files_where_it_has_as_many()
    {
        CifarFiles.WriteCifar10(_folder);
        string names = _folder.Write("cifar-10-batches-bin/batches.meta.txt", Encoding.UTF8.GetBytes("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n\n"));
        Assert.Equal("j", DatasetCatalog.Load("CIFAR10", _folder.Path).ClassNames[9]);
        File.WriteAllText(names, "a\nb");
        File.SetLastWriteTimeUtc(names, DateTime.UtcNow.AddMinutes(1));
        Assert.Contains("2 names, 10 were expected", Failure(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_broken_is_told()
    {
        Assert.Contains("missing: data_batch_1.bin", Failure("DatasetNotFound"), StringComparison.Ordinal);
        CifarFiles.WriteCifar10(_folder);
        byte[] good = CifarFiles.Records(false, 1, 2);
        Break(good[..^1], "6145 bytes, a multiple of 3073");
        Break([], "0 bytes");
        Break(CifarFiles.Records(false, 1), "1 images, 2 were expected as in");
        Break(CifarFiles.Records(false, 1, 10), "the label of image 1 is 10, at most 9 was expected");

        void Break(byte[] batch, string reason)
        {
            _folder.Write("cifar-10-batches-bin/data_batch_3.bin", batch);
            Assert.Contains(reason, Failure(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Images_are_scaled_where_a_size_is_asked_for()
    {
        CifarFiles.WriteCifar10(_folder);
        Dataset large = DatasetCatalog.Load(new("CIFAR10") { DataPath = _folder.Path, ImageSize = new(40, 48) }, images: null);
        Assert.Equal((new Shape(3, 40, 48), new Shape(3, 40, 48)), (large.Train.ImageShape, large.Test.ImageShape));
        Assert.Equal(10 * 3 * 40 * 48, large.Train.Pixels.Length);
        Assert.NotEqual(DatasetCatalog.Load("CIFAR10", _folder.Path).Fingerprint, large.Fingerprint);
        Assert.Equal("DatasetTooLarge", Assert.Throws<CnnException>(() =>
            DatasetCatalog.Load(new("CIFAR10") { DataPath = _folder.Path, ImageSize = 16000 }, images: null)).Id);
    }

    [Fact]
    public void Options_of_folders_are_refused()
    {
        CifarFiles.WriteCifar10(_folder);
        Assert.Equal("IncompatibleArguments", Assert.Throws<CnnException>(() =>
            DatasetCatalog.Load(new("CIFAR10") { DataPath = _folder.Path, TrainFraction = 0.5 }, images: null)).Id);
    }

    private string Failure(string id = "CorruptFile")
    {
        CnnException error = Assert.Throws<CnnException>(() => DatasetCatalog.Load("CIFAR10", _folder.Path));
        Assert.Equal(id, error.Id);
        return error.Message;
    }
}
