using System.Collections.Immutable;

namespace CnnTools.Data;

/// <summary>
/// A data set kept as MNIST is: four IDX files, images and labels of a training and a test split, each raw or gzipped.
/// </summary>
public sealed class IdxDataset
{
    private static readonly ImmutableArray<string> Parts =
        ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    // The first ten training labels tell the sets apart: their files have the same names and sizes.
    private readonly ImmutableArray<int> _firstLabels;

    private IdxDataset(
        string name, ImmutableArray<string> folders, ImmutableArray<string> classNames, Normalization normalization,
        ImmutableArray<int> firstLabels)
    {
        Name = name;
        Folders = folders;
        ClassNames = classNames;
        Normalization = normalization;
        _firstLabels = firstLabels;
    }

    /// <summary>Handwritten digits (LeCun, Bottou, Bengio, Haffner 1998): 60,000 and 10,000 images of 28x28.</summary>
    public static IdxDataset Mnist { get; } = new(
        "MNIST", ["mnist", "MNIST", "MNIST/raw"], ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        new([0.1307f], [0.3081f]), [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);

    /// <summary>Articles of clothing (Xiao, Rasul, Vollgraf 2017), in MNIST's format and sizes.</summary>
    public static IdxDataset FashionMnist { get; } = new(
        "FashionMNIST", ["fashionmnist", "FashionMNIST", "FashionMNIST/raw"],
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
        new([0.2860f], [0.3530f]), [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]);

    public string Name { get; }

    /// <summary>Folders below a data folder that are looked into, torchvision's layout among them.</summary>
    public ImmutableArray<string> Folders { get; }

    public ImmutableArray<string> ClassNames { get; }

    /// <summary>Mean and deviation of the training split, as they are commonly rounded.</summary>
    public Normalization Normalization { get; }

    /// <summary>
    /// The four files: training images and labels, test images and labels. All are from the first folder that has them.
    /// </summary>
    /// <param name="root">The data folder.</param>
    /// <param name="rootFirst">
    /// Whether the user named this folder for this data set: then it comes before its subfolders, else after them, since
    /// a folder of many data sets may hold another set's files of the same names.
    /// </param>
    /// <exception cref="CnnException">No folder has all four: the message names those that are missing.</exception>
    public ImmutableArray<string> FindFiles(string root, bool rootFirst)
    {
        string[] folders = rootFirst ? ["", .. Folders] : [.. Folders, ""];
        ImmutableArray<string> missing = Parts;
        foreach (string folder in folders)
        {
            ImmutableArray<string?> found = [.. Parts.Select(part => FindPart(Path.Combine(root, folder), part))];
            ImmutableArray<string> absent = [.. Parts.Where((_, i) => found[i] is null)];
            if (absent.IsEmpty)
            {
                return found!;
            }

            missing = absent.Length < missing.Length ? absent : missing;
        }

        throw Errors.DatasetNotFound(Name, root, folders.Where(f => f.Length > 0), missing);
    }

    /// <summary>Reads the files that <see cref="FindFiles"/> gives.</summary>
    /// <exception cref="CnnException">A file is not valid, files do not belong together, or are another set's.</exception>
    public Dataset Load(ImmutableArray<string> files)
    {
        ImageSet train = IdxReader.ReadImageSet(files[0], files[1], ClassNames.Length);
        ImageSet test = IdxReader.ReadImageSet(files[2], files[3], ClassNames.Length);
        if (train.ImageShape != test.ImageShape)
        {
            throw Errors.CorruptFile(files[2], "IDX",
                $"its images are {test.ImageShape}, {train.ImageShape} was expected as in '{files[0]}'",
                "Take all four files from the same data set.");
        }

        foreach (IdxDataset other in (ReadOnlySpan<IdxDataset>)[Mnist, FashionMnist])
        {
            if (other != this && train.Labels.AsSpan().StartsWith(other._firstLabels.AsSpan()))
            {
                throw Errors.CorruptFile(files[1], Name,
                    $"these are the labels of {other.Name}, which uses the same file names",
                    $"Keep each set in a folder of its own and name it with -DataPath, or use -Dataset {other.Name}.");
            }
        }

        return new(Name, train, test, ClassNames, Normalization);
    }

    /// <summary>Plain or dotted ("train-images.idx3-ubyte", as some archives unpack), raw or gzipped.</summary>
    private static string? FindPart(string folder, string part)
    {
        string dotted = part.Replace("-idx", ".idx", StringComparison.Ordinal);
        return new[] { part, part + ".gz", dotted, dotted + ".gz" }
            .Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }
}
