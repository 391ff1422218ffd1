using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CnnTools.Images;
using CnnTools.Runs;

namespace CnnTools.Data;

/// <summary>
/// A folder of images: with a subfolder for each class, as torchvision's ImageFolder has it, and perhaps those in folders
/// train and test; or with a CSV file that gives the class of each.
/// </summary>
public static class ImageFolder
{
    /// <summary>The name that a folder goes by where -DataPath names it.</summary>
    public const string Name = "ImageFolder";

    /// <summary>The share for training of a folder that has no test split of its own.</summary>
    public const double DefaultTrainFraction = 0.8;

    // Deep enough for every data set there is; a link to a folder above would go on without end.
    private const int Deepest = 16;

    private static readonly EnumerationOptions Below = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = Deepest,
        IgnoreInaccessible = false,
    };

    /// <summary>Finds the files of a data set, those of training first where both splits are there.</summary>
    /// <param name="request">Its name is the folder's full path.</param>
    /// <exception cref="CnnException">The folder or the label file is absent, cannot be read or holds no images.</exception>
    internal static LabelledFiles Find(DatasetRequest request)
    {
        string root = request.Name;
        if (!Directory.Exists(root))
        {
            throw Errors.FileNotFound("The folder of images", root, "Check the path.");
        }

        try
        {
            return request.LabelFile is null ? FromFolders(root) : FromTable(root, request);
        }
        catch (Exception error) when (FilePlace.IsFileError(error))
        {
            throw Errors.CannotRead(root, error);
        }
    }

    /// <summary>Equal where the files are: their paths, lengths and times.</summary>
    internal static string Stamp(LabelledFiles files)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < files.Paths.Length; i++)
        {
            FileInfo file = new(files.Paths[i]);
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"{file.FullName}|{(file.Exists ? file.Length : -1)}|{file.LastWriteTimeUtc.Ticks}|{files.ClassNames[files.Labels[i]]}\n")));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>
    /// Decodes all files to images of one size; both splits have the same shape. Those that are too many to be resident are
    /// decoded once too, and let go of: a broken file is found here, and the normalisation and the fingerprint are the same.
    /// </summary>
    /// <exception cref="CnnException">An image is broken, or sizes differ and none is asked for.</exception>
    internal static Dataset Load(DatasetRequest request, LabelledFiles files, IImageCodec codec, ParallelFiles parallel)
    {
        (int[] train, int[] test, CnnException? fault) = files.Split(request.TrainFraction, request.DataSeed);
        return (DecodedImages.Fit(codec, files.Paths, request.ImageSize, request.ResidentLimit) ? Resident() : Streamed()) with
        {
            SplitFault = fault,
        };

        Dataset Resident()
        {
            DecodedImages images = DecodedImages.Read(codec, files.Paths, request.ImageSize, parallel);
            ImageSet trainSet = images.Select(train, files);
            return new(request.Name, trainSet, images.Select(test, files), files.ClassNames, Normalization.Of(trainSet));
        }

        Dataset Streamed()
        {
            ImageFiles images = ImageFiles.Open(codec, files.Paths, request.ImageSize, parallel);
            int[] trainLabels = [.. train.Select(i => files.Labels[i])], testLabels = [.. test.Select(i => files.Labels[i])];
            using ImageHash hash = new(trainLabels, images.Shape);
            ImageStatistics statistics = new(images.Shape);
            new ImageScan(images.Select([.. train, .. test]), parallel).Run(train.Length, hash, statistics);
            ImageSet trainSet = new(images.Select(train), trainLabels, hash.ToString()) { Paths = PathsOf(train) };
            ImageSet testSet = new(images.Select(test), testLabels) { Paths = PathsOf(test) };
            return new(request.Name, trainSet, testSet, files.ClassNames, statistics.Normalization());
        }

        ImmutableArray<string> PathsOf(int[] indices) => [.. indices.Select(i => files.Paths[i])];
    }

    private static LabelledFiles FromFolders(string root)
    {
        string? train = Subfolder(root, "train"), test = Subfolder(root, "test");
        if (train is null || test is null)
        {
            (ImmutableArray<string> paths, ImmutableArray<int> labels, ImmutableArray<string> names) = FindClasses(root, null);
            return new(paths, labels, names, TrainCount: null);
        }

        (ImmutableArray<string> trainPaths, ImmutableArray<int> trainLabels, ImmutableArray<string> classNames) = FindClasses(train, null);
        (ImmutableArray<string> testPaths, ImmutableArray<int> testLabels, _) = FindClasses(test, classNames);
        return new([.. trainPaths, .. testPaths], [.. trainLabels, .. testLabels], classNames, trainPaths.Length);
    }

    private static string? Subfolder(string root, string name) => Directory.EnumerateDirectories(root)
        .Where(folder => Path.GetFileName(folder).Equals(name, StringComparison.OrdinalIgnoreCase))
        .Order(StringComparer.Ordinal).FirstOrDefault();

    /// <summary>Classes by name, in each its folders by path, in each the files by name.</summary>
    /// <param name="known">The training split's classes; a test split may lack some and has no others.</param>
    private static (ImmutableArray<string>, ImmutableArray<int>, ImmutableArray<string>) FindClasses(
        string root, ImmutableArray<string>? known)
    {
        string[] folders = [.. Directory.GetDirectories(root).Where(IsVisible).Order(StringComparer.Ordinal)];
        ImmutableArray<string> classNames = known ?? [.. folders.Select(folder => Path.GetFileName(folder))];
        List<string> paths = [];
        List<int> labels = [];
        foreach (string folder in folders)
        {
            int label = classNames.IndexOf(Path.GetFileName(folder));
            string[] found = [.. Directory.EnumerateFiles(folder, "*", Below).Where(ImageFile.IsImage)
                .OrderBy(Path.GetDirectoryName, StringComparer.Ordinal).ThenBy(path => path, StringComparer.Ordinal)];
            if (found.Length == 0)
            {
                throw Errors.NoImagesInFolder(folder);
            }

            paths.AddRange(label >= 0 ? found : throw Errors.ClassWithoutTraining(folder, classNames));
            labels.AddRange(Enumerable.Repeat(label, found.Length));
        }

        return paths.Count > 0 ? ([.. paths], [.. labels], classNames) : throw Errors.NoClassesInFolder(root);
    }

    private static bool IsVisible(string folder) => !Path.GetFileName(folder).StartsWith('.');

    private static LabelledFiles FromTable(string root, DatasetRequest request)
    {
        CsvTable table = CsvTable.Read(request.LabelFile!);
        IReadOnlyList<string> images = table.Column(request.ImageColumn ?? "image");
        IReadOnlyList<string> labels = table.Column(request.LabelColumn ?? "label");
        for (int i = 0; i < images.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(images[i]) || string.IsNullOrWhiteSpace(labels[i]))
            {
                throw Errors.CorruptFile(table.Path, "CSV", $"row {i + 1} lacks its image or its label",
                    "Correct the file: each row names an image, relative to the folder, and its class.");
            }
        }

        ImmutableArray<string> classNames = [.. labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Dictionary<string, int> index = classNames.Select((name, i) => (name, i)).ToDictionary(c => c.name, c => c.i, StringComparer.Ordinal);
        return images.Count > 0
            ? new([.. images.Select(image => FilePlace.FullPath(Path.Combine(root, image)))], [.. labels.Select(label => index[label])], classNames, TrainCount: null)
            : throw Errors.CorruptFile(table.Path, "CSV", "it has no rows", "Give a row to each image.");
    }
}
