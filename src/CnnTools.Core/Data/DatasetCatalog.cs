using System.Collections.Immutable;
using System.Globalization;
using CnnTools.Backends;
using CnnTools.Images;

namespace CnnTools.Data;

/// <summary>The data sets that have a name, and how each is loaded.</summary>
public static class DatasetCatalog
{
    // Data sets that are still in use, so that a sweep does not read the same files for every run.
    private static readonly Dictionary<(DatasetRequest, string), WeakReference<Dataset>> Loaded = [];
    private static readonly Lock Gate = new();

    private static readonly ImmutableArray<Entry> Entries =
    [
        new(new(SynthDigits.Name, "Digits drawn by CnnTools itself; needs no files.", new Shape(1, 28, 28), SynthDigits.ClassNames,
                SynthDigits.DefaultTrainCount, SynthDigits.DefaultTestCount, NeedsFiles: false, "CnnTools"),
            request => new("", () => SynthDigits.Create(request.DataSeed))),
        new(new("MNIST", "Handwritten digits.", new Shape(1, 28, 28), IdxDataset.Mnist.ClassNames, 60_000, 10_000, NeedsFiles: true,
                "LeCun, Bottou, Bengio, Haffner 1998"),
            request => Open(request, IdxDataset.Mnist.FindFiles, IdxDataset.Mnist.Load)),
        new(new("FashionMNIST", "Articles of clothing, in MNIST's format.", new Shape(1, 28, 28), IdxDataset.FashionMnist.ClassNames,
                60_000, 10_000, NeedsFiles: true, "Xiao, Rasul, Vollgraf 2017"),
            request => Open(request, IdxDataset.FashionMnist.FindFiles, IdxDataset.FashionMnist.Load)),
        new(new("CIFAR10", "Small photographs of animals and vehicles.", new Shape(3, 32, 32), CifarDataset.Cifar10.ClassNames,
                50_000, 10_000, NeedsFiles: true, "Krizhevsky 2009"),
            request => Open(request, CifarDataset.Cifar10.FindFiles, CifarDataset.Cifar10.Load)),
        new(new("CIFAR100", "Small photographs of a hundred classes.", new Shape(3, 32, 32), CifarDataset.Cifar100.ClassNames,
                50_000, 10_000, NeedsFiles: true, "Krizhevsky 2009"),
            request => Open(request, CifarDataset.Cifar100.FindFiles, CifarDataset.Cifar100.Load)),
    ];

    public static IReadOnlyList<DatasetInfo> All { get; } = [.. Entries.Select(entry => entry.Info)];

    /// <summary>What is known of a data set by name; null where the name is of none.</summary>
    public static DatasetInfo? Find(string name) => FindEntry(name)?.Info;

    /// <summary>Loads a data set by name.</summary>
    public static Dataset Load(string name, string? dataPath = null, ulong dataSeed = SynthDigits.DefaultSeed) =>
        Load(new(name) { DataPath = dataPath, DataSeed = dataSeed }, images: null);

    /// <summary>Loads a data set. The same one may be given to several callers: its arrays are not to be written to.</summary>
    /// <param name="images">Gives what decodes image files, asked for by a folder of images only.</param>
    /// <exception cref="CnnException">The name is unknown, or the files are absent or not valid.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static Dataset Load(
        DatasetRequest request, Func<IImageCodec>? images, Action<LoadProgress>? onProgress = null, CancellationToken stop = default)
    {
        if (request.ImageSize is { } size)
        {
            ImageInfo.RequireSize(nameof(request.ImageSize), size);
        }

        Entry? entry = FindEntry(request.Name);
        request = entry is null ? OfFolder(request) : request with { Name = entry.Info.Name };
        if (request.ResidentLimit < 0)
        {
            throw Errors.InvalidArgument(nameof(request.ResidentLimit), request.ResidentLimit, "at least 0 bytes");
        }

        Opened opened = entry is null ? OpenFolder(request, images, new(Environment.ProcessorCount, onProgress, stop)) : entry.Open(RequireNoFolder(request));
        (DatasetRequest, string) key = (request, opened.Key);
        lock (Gate)
        {
            if (Loaded.TryGetValue(key, out WeakReference<Dataset>? reference) && reference.TryGetTarget(out Dataset? known))
            {
                return known;
            }

            foreach ((DatasetRequest, string) gone in Loaded.Where(pair => !pair.Value.TryGetTarget(out _)).Select(pair => pair.Key).ToArray())
            {
                Loaded.Remove(gone);
            }

            Dataset dataset = Resize(opened.Load(), request.ImageSize) with { Request = request };
            Loaded[key] = new(dataset);
            return dataset;
        }
    }

    private static Entry? FindEntry(string name) =>
        Entries.FirstOrDefault(entry => entry.Info.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>A folder's images have their size already.</summary>
    private static Dataset Resize(Dataset dataset, Pair? size) => size is { } wanted
        ? dataset with { Train = dataset.Train.Resize(wanted), Test = dataset.Test.Resize(wanted) }
        : dataset;

    private static DatasetRequest RequireNoFolder(DatasetRequest request) =>
        request is { TrainFraction: null, ResidentLimit: null, LabelFile: null, ImageColumn: null, LabelColumn: null }
            ? request
            : throw Errors.IncompatibleArguments(
                $"{request.Name} has its own splits and labels: -TrainFraction, -ResidentLimit, -LabelFile, -ImageColumn and -LabelColumn are for a folder of images.",
                "Leave them out, or give the path of a folder as -Dataset.");

    /// <summary>The request with the folder's full path for a name, and the label file's.</summary>
    private static DatasetRequest OfFolder(DatasetRequest request)
    {
        bool byName = request.Name.Equals(ImageFolder.Name, StringComparison.OrdinalIgnoreCase);
        if (byName && string.IsNullOrEmpty(request.DataPath))
        {
            throw Errors.IncompatibleArguments($"{ImageFolder.Name} does not say which folder.",
                "Give the folder as -DataPath, or its path as -Dataset.");
        }

        if (!byName && !Directory.Exists(request.Name) && Path.GetFileName(request.Name) == request.Name)
        {
            throw Errors.UnknownName("Dataset", request.Name, [.. All.Select(info => info.Name), ImageFolder.Name]);
        }

        string folder = DataFolder.Resolve(byName ? request.DataPath : request.Name);
        return request with
        {
            Name = Path.TrimEndingDirectorySeparator(folder),
            DataPath = null,
            LabelFile = string.IsNullOrEmpty(request.LabelFile) ? null : Path.Combine(folder, request.LabelFile),
        };
    }

    private static Opened OpenFolder(DatasetRequest request, Func<IImageCodec>? images, ParallelFiles parallel)
    {
        LabelledFiles files = ImageFolder.Find(request);
        return new(ImageFolder.Stamp(files), () => ImageFolder.Load(
            request, files, (images ?? throw new ArgumentNullException(nameof(images), "A folder of images needs a codec."))(), parallel));
    }

    private static Opened Open(
        DatasetRequest request, Func<string, bool, ImmutableArray<string>> find, Func<ImmutableArray<string>, Dataset> load)
    {
        ImmutableArray<string> files = find(DataFolder.Resolve(request.DataPath), !string.IsNullOrEmpty(request.DataPath));
        string key = string.Join('|', files.Select(path => new FileInfo(path)).Select(file => string.Create(
            CultureInfo.InvariantCulture, $"{file.FullName}|{file.LastWriteTimeUtc.Ticks}")));
        return new(key, () => load(files));
    }

    /// <summary>A data set that is found and not yet read; equal keys mean equal data for equal requests.</summary>
    private sealed record Opened(string Key, Func<Dataset> Load);

    private sealed record Entry(DatasetInfo Info, Func<DatasetRequest, Opened> Open);
}
