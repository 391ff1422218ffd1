using System.Collections.Immutable;
using CnnTools.Data;

namespace CnnTools.Tests.Data;

public class IdxDatasetTests
{
    [Theory]
    [InlineData("", false, false)]
    [InlineData("mnist", true, false)]
    [InlineData("MNIST", false, true)]
    [InlineData("MNIST/raw", true, true)]
    public void Finds_each_layout_and_spelling(string subfolder, bool gzip, bool dotted)
    {
        using TemporaryFolder folder = new();
        IdxFiles.WriteDataset(folder, subfolder, gzip: gzip, dotted: dotted);

        Dataset dataset = IdxDataset.Mnist.Load(IdxDataset.Mnist.FindFiles(folder.Path, rootFirst: true));

        Assert.Equal("MNIST", dataset.Name);
        Assert.Equal(new Shape(1, 3, 2), dataset.ImageShape);
        Assert.Equal([1, 1, 2, 3], dataset.Train.Labels);
        Assert.Equal([8, 9], dataset.Test.Labels);
        Assert.Equal(10, dataset.Classes);
    }

    [Theory]
    [InlineData(true, 5)]
    [InlineData(false, 6)]
    public void A_folder_that_was_named_comes_before_its_subfolders(bool rootFirst, int expected)
    {
        using TemporaryFolder folder = new();
        IdxFiles.WriteDataset(folder, "", firstLabel: 5);
        IdxFiles.WriteDataset(folder, "mnist", firstLabel: 6);
        Assert.Equal(expected, IdxDataset.Mnist.Load(IdxDataset.Mnist.FindFiles(folder.Path, rootFirst)).Train.Labels[0]);
    }

    [Fact]
    public void What_is_missing_is_named_with_the_folder_and_the_way_out()
    {
        using TemporaryFolder folder = new();
        IdxFiles.WriteDataset(folder, "FashionMNIST");
        File.Delete(Path.Combine(folder.Path, "FashionMNIST", IdxFiles.Names[3]));

        CnnException error = Assert.Throws<CnnException>(() => IdxDataset.FashionMnist.FindFiles(folder.Path, false));

        Assert.Equal("DatasetNotFound", error.Id);
        Assert.Contains(folder.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("missing: t10k-labels-idx1-ubyte (raw or .gz)", error.Message, StringComparison.Ordinal);
        Assert.Contains("-DataPath", error.Remedy, StringComparison.Ordinal);
        Assert.Contains("CNNTOOLS_DATA", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Splits_with_images_of_other_sizes_are_an_error()
    {
        using TemporaryFolder folder = new();
        IdxFiles.WriteDataset(folder, "");
        folder.Write(IdxFiles.Names[2], IdxFiles.Images(2, 2, 2));
        CnnException error = Assert.Throws<CnnException>(() => Load(folder, IdxDataset.Mnist));
        Assert.Contains("1x2x2, 1x3x2 was expected", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_files_of_MNIST_do_not_pass_for_FashionMNIST()
    {
        using TemporaryFolder folder = new();
        IdxFiles.WriteDataset(folder, "");
        folder.Write(IdxFiles.Names[0], IdxFiles.Images(10, 3, 2));
        folder.Write(IdxFiles.Names[1], IdxFiles.Labels(5, 0, 4, 1, 9, 2, 1, 3, 1, 4));
        Assert.Equal(10, Load(folder, IdxDataset.Mnist).Train.Count);
        CnnException error = Assert.Throws<CnnException>(() => Load(folder, IdxDataset.FashionMnist));
        Assert.Contains("labels of MNIST", error.Message, StringComparison.Ordinal);
    }

    [RealDataFact("mnist")]
    public void The_original_MNIST_reads_with_its_known_counts_and_mean()
    {
        Dataset mnist = DatasetCatalog.Load("MNIST", Path.Combine(RealDataFactAttribute.Root, "mnist"));

        Assert.Equal(60_000, mnist.Train.Count);
        Assert.Equal(10_000, mnist.Test.Count);
        Assert.Equal(new Shape(1, 28, 28), mnist.ImageShape);
        Assert.Equal([7, 2, 1, 0, 4, 1, 4, 9, 5, 9], mnist.Test.Labels[..10]);
        Assert.Equal([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
            mnist.Train.Labels.CountBy(label => label).OrderBy(pair => pair.Key).Select(pair => pair.Value));
        (double mean, double deviation) = PixelStatistics.Of(mnist.Train);
        Assert.Equal(mnist.Normalization.Mean[0], mean, 5e-5);
        Assert.Equal(mnist.Normalization.Deviation[0], deviation, 5e-5);
    }

    private static Dataset Load(TemporaryFolder folder, IdxDataset source)
    {
        ImmutableArray<string> files = source.FindFiles(folder.Path, rootFirst: true);
        return source.Load(files);
    }
}
