using System.Collections.Immutable;
using System.Globalization;

namespace CnnTools.Data;

/// <summary>The data sets that have a name, and how each is loaded.</summary>
public static class DatasetCatalog
{
    // Data sets that are still in use, so that a sweep does not read the same files for every run.
    private static readonly Dictionary<string, WeakReference<Dataset>> Loaded = [];
    private static readonly Lock Gate = new();

    private static readonly ImmutableArray<Entry> Entries =
    [
        new(new(SynthDigits.Name, "Digits drawn by CnnTools itself; needs no files.", new Shape(1, 28, 28), 10,
                SynthDigits.DefaultTrainCount, SynthDigits.DefaultTestCount, NeedsFiles: false, "CnnTools"),
            request => new(
                request.DataSeed.ToString(CultureInfo.InvariantCulture), () => SynthDigits.Create(request.DataSeed))),
        new(new("MNIST", "Handwritten digits.", new Shape(1, 28, 28), 10, 60_000, 10_000, NeedsFiles: true,
                "LeCun, Bottou, Bengio, Haffner 1998"),
            request => Open(IdxDataset.Mnist, request)),
        new(new("FashionMNIST", "Articles of clothing, in MNIST's format.", new Shape(1, 28, 28), 10, 60_000, 10_000,
                NeedsFiles: true, "Xiao, Rasul, Vollgraf 2017"),
            request => Open(IdxDataset.FashionMnist, request)),
    ];

    public static IReadOnlyList<DatasetInfo> All { get; } = [.. Entries.Select(entry => entry.Info)];

    /// <summary>
    /// Loads a data set by name. The same one may be given to several callers: its arrays are not to be written to.
    /// </summary>
    /// <param name="name">One of <see cref="All"/>; case does not matter.</param>
    /// <param name="dataPath">The folder to look in; without one, <see cref="DataFolder.Resolve"/> says which.</param>
    /// <param name="dataSeed">Of data that are made: SynthDigits. Not a run's seed, so that runs compare.</param>
    /// <exception cref="CnnException">The name is unknown, or the files are absent or not valid.</exception>
    public static Dataset Load(string name, string? dataPath = null, ulong dataSeed = SynthDigits.DefaultSeed)
    {
        Entry entry = Entries.FirstOrDefault(e => e.Info.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw Errors.UnknownName("Dataset", name, All.Select(info => info.Name));
        Opened opened = entry.Open(new(dataPath, dataSeed));
        string key = $"{entry.Info.Name}|{opened.Key}";
        lock (Gate)
        {
            if (Loaded.TryGetValue(key, out WeakReference<Dataset>? reference) && reference.TryGetTarget(out Dataset? known))
            {
                return known;
            }

            foreach (string gone in Loaded.Where(pair => !pair.Value.TryGetTarget(out _)).Select(pair => pair.Key).ToArray())
            {
                Loaded.Remove(gone);
            }

            Dataset dataset = opened.Load();
            Loaded[key] = new(dataset);
            return dataset;
        }
    }

    private static Opened Open(IdxDataset source, Request request)
    {
        ImmutableArray<string> files = source.FindFiles(
            DataFolder.Resolve(request.DataPath), rootFirst: !string.IsNullOrEmpty(request.DataPath));
        string key = string.Join('|', files.Select(path => new FileInfo(path)).Select(file => string.Create(
            CultureInfo.InvariantCulture, $"{file.FullName}|{file.LastWriteTimeUtc.Ticks}")));
        return new(key, () => source.Load(files));
    }

    private sealed record Request(string? DataPath, ulong DataSeed);

    /// <summary>A data set that is found and not yet read; equal keys mean equal data.</summary>
    private sealed record Opened(string Key, Func<Dataset> Load);

    private sealed record Entry(DatasetInfo Info, Func<Request, Opened> Open);
}
