using CnnTools.Data;

namespace CnnTools.Tests.Data;

public class DatasetCatalogTests
{
    [Fact]
    public void Lists_what_it_loads() =>
        Assert.Equal(["SynthDigits", "MNIST", "FashionMNIST", "CIFAR10", "CIFAR100"], DatasetCatalog.All.Select(info => info.Name));

    [Fact]
    public void Names_ignore_case_and_information_agrees_with_the_data()
    {
        Dataset dataset = DatasetCatalog.Load("synthdigits");
        DatasetInfo info = DatasetCatalog.All[0];
        Assert.Equal("SynthDigits", dataset.Name);
        Assert.Equal((info.ImageShape, info.Classes, info.TrainCount, info.TestCount),
            (dataset.ImageShape, dataset.Classes, dataset.Train.Count, dataset.Test.Count));
    }

    [Fact]
    public void An_unknown_name_is_answered_with_near_ones()
    {
        CnnException error = Assert.Throws<CnnException>(() => DatasetCatalog.Load("MNSIT"));
        Assert.Equal("UnknownDataset", error.Id);
        Assert.Contains("MNIST", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_set_in_use_is_not_read_again_unless_its_files_change()
    {
        using TemporaryFolder folder = new();
        IdxFiles.WriteDataset(folder, "");
        Dataset first = DatasetCatalog.Load("MNIST", folder.Path);
        Assert.Same(first, DatasetCatalog.Load("mnist", folder.Path));

        string labels = folder.Write(IdxFiles.Names[1], IdxFiles.Labels(7, 1, 2, 3));
        File.SetLastWriteTimeUtc(labels, DateTime.UtcNow.AddMinutes(1));
        Assert.Equal(7, DatasetCatalog.Load("MNIST", folder.Path).Train.Labels[0]);
        GC.KeepAlive(first);
    }

    [Fact]
    public void Another_data_seed_gives_other_digits() => Assert.NotEqual(
        DatasetCatalog.Load("SynthDigits").Test.Pixels, DatasetCatalog.Load("SynthDigits", dataSeed: 5).Test.Pixels);

    [Fact]
    public void The_data_folder_is_the_path_given_else_one_of_the_user()
    {
        Assert.Equal(Path.GetFullPath("here"), DataFolder.Resolve("here"));
        Assert.True(Path.IsPathFullyQualified(DataFolder.Resolve(null)));
        Assert.Equal("InvalidArgument", Assert.Throws<CnnException>(() => DataFolder.Resolve("a\0b")).Id);
    }
}
