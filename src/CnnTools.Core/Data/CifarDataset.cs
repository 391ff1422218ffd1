using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CnnTools.Runs;

namespace CnnTools.Data;

/// <summary>
/// CIFAR-10 and CIFAR-100 in their binary version (Krizhevsky 2009, "Learning Multiple Layers of Features from Tiny
/// Images"): files of records, each one byte (CIFAR-100: two, coarse and fine) of label and the planes of a 3x32x32 image.
/// </summary>
public sealed class CifarDataset
{
    /// <summary>The largest file read: 1 GiB, seven times the largest of these sets.</summary>
    private const long MaximumBytes = 1 << 30;

    private const string FetchAgain =
        "Fetch the binary version again (Save-CnnDataset): this copy is damaged or not the right file.";

    private static readonly Shape Image = new(3, 32, 32);

    // CIFAR-100's records begin with the label of one of twenty superclasses, which is not used.
    private readonly int _labelBytes;

    private CifarDataset(
        string name, ImmutableArray<string> folders, ImmutableArray<string> trainFiles, string testFile, string namesFile,
        ImmutableArray<string> classNames, Normalization normalization, int labelBytes)
    {
        Name = name;
        Folders = folders;
        TrainFiles = trainFiles;
        TestFile = testFile;
        NamesFile = namesFile;
        ClassNames = classNames;
        Normalization = normalization;
        _labelBytes = labelBytes;
    }

    /// <summary>Ten classes, 50,000 and 10,000 images.</summary>
    public static CifarDataset Cifar10 { get; } = new(
        "CIFAR10", ["cifar-10-batches-bin", "cifar10", "CIFAR10"],
        [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin")], "test_batch.bin", "batches.meta.txt",
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
        new([0.4914f, 0.4822f, 0.4465f], [0.2470f, 0.2435f, 0.2616f]), labelBytes: 1);

    /// <summary>A hundred classes (the fine labels), 50,000 and 10,000 images.</summary>
    public static CifarDataset Cifar100 { get; } = new(
        "CIFAR100", ["cifar-100-binary", "cifar100", "CIFAR100"],
        ["train.bin"], "test.bin", "fine_label_names.txt",
        [
            "apple", "aquarium_fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle", "bottle", "bowl", "boy",
            "bridge", "bus", "butterfly", "camel", "can", "castle", "caterpillar", "cattle", "chair", "chimpanzee", "clock",
            "cloud", "cockroach", "couch", "crab", "crocodile", "cup", "dinosaur", "dolphin", "elephant", "flatfish",
            "forest", "fox", "girl", "hamster", "house", "kangaroo", "keyboard", "lamp", "lawn_mower", "leopard", "lion",
            "lizard", "lobster", "man", "maple_tree", "motorcycle", "mountain", "mouse", "mushroom", "oak_tree", "orange",
            "orchid", "otter", "palm_tree", "pear", "pickup_truck", "pine_tree", "plain", "plate", "poppy", "porcupine",
            "possum", "rabbit", "raccoon", "ray", "road", "rocket", "rose", "sea", "seal", "shark", "shrew", "skunk",
            "skyscraper", "snail", "snake", "spider", "squirrel", "streetcar", "sunflower", "sweet_pepper", "table", "tank",
            "telephone", "television", "tiger", "tractor", "train", "trout", "tulip", "turtle", "wardrobe", "whale",
            "willow_tree", "wolf", "woman", "worm",
        ],
        new([0.5071f, 0.4865f, 0.4409f], [0.2673f, 0.2564f, 0.2762f]), labelBytes: 2);

    public string Name { get; }

    /// <summary>Folders below a data folder that are looked into; the first is the archive's own.</summary>
    public ImmutableArray<string> Folders { get; }

    public ImmutableArray<string> TrainFiles { get; }

    public string TestFile { get; }

    /// <summary>A line a class; the known names stand in where it is absent.</summary>
    public string NamesFile { get; }

    public ImmutableArray<string> ClassNames { get; }

    /// <summary>Mean and deviation of the training split, as they are commonly rounded.</summary>
    public Normalization Normalization { get; }

    private int RecordBytes => _labelBytes + (int)Image.Count;

    /// <summary>The files, those for training first, the test file last; the file of names follows where it is there.</summary>
    /// <param name="rootFirst">Whether the user named this folder for this data set; else it comes after its subfolders.</param>
    /// <exception cref="CnnException">No folder has all of them: the message names those that are missing.</exception>
    public ImmutableArray<string> FindFiles(string root, bool rootFirst)
    {
        string[] parts = [.. TrainFiles, TestFile];
        string[] missing = parts;
        foreach (string folder in rootFirst ? ["", .. Folders] : (string[])[.. Folders, ""])
        {
            string[] absent = [.. parts.Where(part => !File.Exists(Path.Combine(root, folder, part)))];
            if (absent.Length == 0)
            {
                return [.. parts.Append(NamesFile).Select(part => Path.Combine(root, folder, part)).Where(File.Exists)];
            }

            missing = absent.Length < missing.Length ? absent : missing;
        }

        throw Errors.DatasetNotFound(Name, root, Folders, missing, "the binary version, unpacked");
    }

    /// <summary>Reads the files that <see cref="FindFiles"/> gives.</summary>
    /// <exception cref="CnnException">A file cannot be read or is not valid.</exception>
    public Dataset Load(ImmutableArray<string> files)
    {
        ImageSet train = Read(files.AsSpan()[..TrainFiles.Length]);
        ImageSet test = Read([files[TrainFiles.Length]]);
        return new(Name, train, test, files.Length > TrainFiles.Length + 1 ? ReadNames(files[^1]) : ClassNames, Normalization);
    }

    /// <summary>Files of as many records each, one after the other.</summary>
    public ImageSet Read(params ReadOnlySpan<string> files)
    {
        byte[][] contents = new byte[files.Length][];
        for (int i = 0; i < files.Length; i++)
        {
            contents[i] = ReadRecords(files[i]);
            if (contents[i].Length != contents[0].Length)
            {
                throw Errors.CorruptFile(files[i], Name,
                    $"it has {Number(contents[i].Length / RecordBytes)} images, {Number(contents[0].Length / RecordBytes)} were expected as in '{files[0]}'",
                    FetchAgain);
            }
        }

        int inFile = contents[0].Length / RecordBytes, size = (int)Image.Count;
        byte[] pixels = new byte[(long)inFile * files.Length * size];
        int[] labels = new int[inFile * files.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<byte> record = contents[i / inFile].AsSpan(i % inFile * RecordBytes, RecordBytes);
            labels[i] = record[_labelBytes - 1] < ClassNames.Length
                ? record[_labelBytes - 1]
                : throw Errors.CorruptFile(files[i / inFile], Name,
                    $"the label of image {Number(i % inFile)} is {record[_labelBytes - 1]}, at most {ClassNames.Length - 1} was expected",
                    FetchAgain);
            record[_labelBytes..].CopyTo(pixels.AsSpan(i * size));
        }

        return new(pixels, labels, Image);
    }

    private byte[] ReadRecords(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.Length == 0 || file.Length > MaximumBytes || file.Length % RecordBytes != 0)
            {
                throw Errors.CorruptFile(path, Name,
                    $"it has {Number(file.Length)} bytes, a multiple of {RecordBytes} up to {Number(MaximumBytes)} was expected",
                    FetchAgain);
            }

            byte[] content = new byte[file.Length];
            file.ReadExactly(content);
            return content;
        }
        catch (Exception error) when (FilePlace.IsFileError(error))
        {
            throw Errors.CannotRead(path, error);
        }
    }

    private ImmutableArray<string> ReadNames(string path)
    {
        try
        {
            // No file of names is longer than that; what is follows from a mistake.
            using StreamReader reader = new(path, Encoding.UTF8);
            char[] text = new char[1 << 16];
            int length = reader.ReadBlock(text);
            ImmutableArray<string> names =
                [.. new string(text, 0, length).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
            return names.Length == ClassNames.Length
                ? names
                : throw Errors.CorruptFile(path, Name,
                    $"it has {names.Length} names, {ClassNames.Length} were expected, one on a line", FetchAgain);
        }
        catch (Exception error) when (FilePlace.IsFileError(error))
        {
            throw Errors.CannotRead(path, error);
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
