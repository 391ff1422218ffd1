using System.Text;
using CnnTools.Data;

namespace CnnTools.Tests.Data;

public sealed class ImageFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Classes_and_files_stand_in_ordinal_order()
    {
        Write("b/2.png", 12);
        Write("b/10.PNG", 11);
        Write("b/deeper/1.jpg", 13);
        Write("B/1.jpeg", 1);
        Write("a/1.png", 9);
        Write(".hidden/1.png", 99);
        _folder.Write("a/notes.txt", [1]);
        _folder.Write("readme.txt", [1]);

        LabelledFiles files = ImageFolder.Find(new(_folder.Path));
        Assert.Equal(["B", "a", "b"], files.ClassNames.ToArray());
        Assert.Equal([0, 1, 2, 2, 2], files.Labels.ToArray());
        Assert.Equal(["B/1.jpeg", "a/1.png", "b/10.PNG", "b/2.png", "b/deeper/1.jpg"],
            files.Paths.Select(path => Path.GetRelativePath(_folder.Path, path)));
    }

    [Fact]
    public void Both_splits_are_taken_where_they_are_there()
    {
        Write("Train/a/1.png", 10);
        Write("Train/b/1.png", 20);
        Write("Train/b/2.png", 30);
        Write("TEST/b/1.png", 40);
        Dataset data = Load();
        Assert.Equal([0, 1, 1], data.Train.Labels);
        Assert.Equal([1], data.Test.Labels);
        Assert.Equal([10, 20, 30], data.Train.Pixels.Chunk(4).Select(image => image[0]));
        Assert.Equal([40, 40, 40, 40], data.Test.Pixels);
        Assert.Equal(_folder.Path, data.Name);
        Assert.Equal("IncompatibleArguments", Failure(request => request with { TrainFraction = 0.5 }).Id);

        Write("TEST/c/1.png", 50);
        Assert.Equal("ClassWithoutTraining", Failure().Id);
    }

    [Fact]
    public void One_folder_is_divided_class_by_class_by_the_data_seed()
    {
        WriteMany();
        Dataset data = Load();
        Assert.Equal((16, 4), (data.Train.Count, data.Test.Count));
        Assert.All(data.Train.Labels.CountBy(label => label), pair => Assert.Equal(8, pair.Value));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (byte)i),
            data.Train.Pixels.Concat(data.Test.Pixels).Chunk(4).Select(image => image[0]).Order());

        Assert.Equal(data.Fingerprint, Load().Fingerprint);
        Assert.NotEqual(data.Fingerprint, Load(request => request with { DataSeed = 1 }).Fingerprint);
        Assert.Equal(10, Load(request => request with { TrainFraction = 0.5 }).Test.Count);
        Assert.Equal("InvalidArgument", Load(request => request with { TrainFraction = 0.99 }).SplitFault?.Id);
        Assert.Equal("InvalidArgument", Failure(request => request with { TrainFraction = 1 }).Id);
    }

    [Fact]
    public void ImageFolder_is_the_folder_of_the_data_path()
    {
        WriteMany();
        Dataset data = DatasetCatalog.Load(new("imagefolder") { DataPath = _folder.Path }, () => new PlainCodec());
        Assert.Same(data, Load());
        Assert.Equal("IncompatibleArguments",
            Assert.Throws<CnnException>(() => DatasetCatalog.Load(new("ImageFolder"), () => new PlainCodec())).Id);
    }

    [Fact]
    public void A_table_gives_the_classes()
    {
        Write("images/x.png", 1);
        Write("images/y.png", 2);
        Write("images/z.png", 3);
        Write("images/w.png", 4);
        _folder.Write("train.csv", Encoding.UTF8.GetBytes("file,species,leaf\nimages/z.png,oak,1\nimages/x.png,\"maple, red\",1\nimages/y.png,oak,1\nimages/w.png,\"maple, red\",1\n"));
        DatasetRequest request = new(_folder.Path)
        {
            LabelFile = "train.csv", ImageColumn = "file", LabelColumn = "species", TrainFraction = 0.5,
        };
        Dataset data = DatasetCatalog.Load(request, () => new PlainCodec());
        Assert.Equal(["maple, red", "oak"], data.ClassNames.ToArray());
        Assert.All([data.Train, data.Test], split => Assert.Equal([0, 1], split.Labels.Order()));
        foreach (ImageSet split in (ImageSet[])[data.Train, data.Test])
        {
            Assert.All(Enumerable.Range(0, 2), i => Assert.Equal(split.Labels[i], split.Pixels[i * 4] is 3 or 2 ? 1 : 0));
        }

        Assert.Equal("UnknownColumn", Failure(_ => request with { ImageColumn = "image" }).Id);
        _folder.Write("train.csv", Encoding.UTF8.GetBytes("image,label\nimages/none.png,oak\nimages/x.png,oak\nimages/y.png,\n"));
        Assert.Contains("row 3", Failure(_ => new(_folder.Path) { LabelFile = "train.csv" }).Message, StringComparison.Ordinal);
        _folder.Write("train.csv", Encoding.UTF8.GetBytes("image,label\nimages/none.png,oak\nimages/x.png,oak\n"));
        CnnException absent = Failure(_ => new(_folder.Path) { LabelFile = "train.csv", TrainFraction = 0.5 });
        Assert.Equal("FileNotFound", absent.Id);
        Assert.Contains("none.png", absent.Message, StringComparison.Ordinal);
        Assert.Equal("FileNotFound", Failure(_ => new(_folder.Path) { LabelFile = "none.csv" }).Id);
    }

    [Fact]
    public void Grey_images_are_repeated_among_colours_and_stay_alone_otherwise()
    {
        WriteMany();
        Assert.Equal(new Shape(1, 2, 2), Load().ImageShape);
        _folder.Write("b/99.png", PlainCodec.File(3, 2, 2, 200));
        Dataset data = Load();
        Assert.Equal(new Shape(3, 2, 2), data.ImageShape);
        Assert.Equal(3, data.Normalization.Mean.Length);
        Assert.All(data.Train.Pixels.Chunk(12), image => Assert.Single(image.Distinct()));
    }

    [Fact]
    public void Sizes_that_differ_need_one_to_be_scaled_to()
    {
        WriteMany();
        _folder.Write("b/99.png", PlainCodec.File(1, 5, 7, 200));
        CnnException error = Failure();
        Assert.Equal("ImageSizesDiffer", error.Id);
        Assert.Contains("99.png' is 5 x 7", error.Message, StringComparison.Ordinal);
        Assert.Contains("-ImageSize 2", error.Remedy, StringComparison.Ordinal);
        Dataset data = Load(request => request with { ImageSize = new(3, 4) });
        Assert.Equal(new Shape(1, 3, 4), data.ImageShape);
        Assert.Equal(21 * 12, data.Train.Pixels.Length + data.Test.Pixels.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    public void The_result_and_the_error_do_not_depend_on_the_workers(int workers)
    {
        for (int i = 0; i < 200; i++)
        {
            Write($"a/{i:000}.png", i);
        }

        LabelledFiles files = ImageFolder.Find(new(_folder.Path));
        ImageSet images = DecodedImages.Read(new PlainCodec(), files.Paths, size: null, new(workers))
            .Select([.. Enumerable.Range(0, 200)], files);
        Assert.Equal(files.Paths.Take(200), images.Select([.. Enumerable.Range(0, 200)]).Paths);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (byte)i), images.Pixels.Chunk(4).Select(image => image[0]));

        foreach (int broken in (int[])[150, 60, 199])
        {
            _folder.Write($"a/{broken:000}.png", [1]);
        }

        CnnException error = Assert.Throws<CnnException>(() => DecodedImages.Read(new PlainCodec(), files.Paths, size: null, new(workers)));
        Assert.Equal("CorruptFile", error.Id);
        Assert.Contains("060.png", error.Message, StringComparison.Ordinal);
        Assert.Contains("take it out", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_without_classes_or_images_are_told()
    {
        Assert.Equal("NoClassesInFolder", Failure().Id);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "a"));
        Assert.Equal("NoImagesInFolder", Failure().Id);
        Assert.Equal("FileNotFound", Failure(_ => new(Path.Combine(_folder.Path, "none"))).Id);
    }

    [Fact]
    public void A_changed_file_is_read_again()
    {
        WriteMany();
        Dataset first = Load();
        Assert.Same(first, Load());
        Write("a/0.png", 77);
        File.SetLastWriteTimeUtc(Path.Combine(_folder.Path, "a/0.png"), DateTime.UtcNow.AddMinutes(1));
        Assert.NotSame(first, Load());
    }

    [Fact]
    public void The_normalisation_is_of_the_training_split()
    {
        ImageSet images = new([0, 255, 51, 51, 102, 102, 51, 51], [0, 0], new(2, 1, 2));
        Normalization normalization = Normalization.Of(images);
        Assert.Equal([0.45f, 0.2f], normalization.Mean.ToArray());
        Assert.Equal([0.3571f, 1f], normalization.Deviation.ToArray());
    }

    private void Write(string path, int value) => _folder.Write(path, PlainCodec.File(1, 2, 2, value));

    /// <summary>Two classes of ten images.</summary>
    private void WriteMany()
    {
        for (int i = 0; i < 20; i++)
        {
            Write($"{(i < 10 ? "a" : "b")}/{i}.png", i);
        }
    }

    private Dataset Load(Func<DatasetRequest, DatasetRequest>? change = null) =>
        DatasetCatalog.Load((change ?? (request => request))(new(_folder.Path)), () => new PlainCodec());

    private CnnException Failure(Func<DatasetRequest, DatasetRequest>? change = null) => Assert.Throws<CnnException>(() => Load(change));
}
