using CnnTools.Data;
using CnnTools.Images;

namespace CnnTools.PowerShell;

/// <summary>What Get-CnnDataset tells of a data set. One of the catalog that is only listed is not loaded for it.</summary>
public sealed class CnnDataset
{
    private const int SampleSize = 100;

    private readonly Func<Dataset> _load;

    internal CnnDataset(DatasetInfo info, Func<Dataset> load)
    {
        (Name, Source, Shape, Classes, Train, Test) =
            (info.Name, info.Source, info.ImageShape, info.ClassNames, info.TrainCount, info.TestCount);
        _load = load;
    }

    internal CnnDataset(Dataset dataset, string source)
    {
        (Name, Source, Shape, Classes, Train, Test) =
            (dataset.Name, source, dataset.ImageShape, dataset.ClassNames, dataset.Train.Count, dataset.Test.Count);
        Normalization = dataset.Normalization;
        _load = () => dataset;
    }

    /// <summary>A name of the catalog, or a folder's full path.</summary>
    public string Name { get; }

    /// <summary>Where the data are from: a paper, a folder.</summary>
    public string Source { get; }

    /// <summary>Images for training.</summary>
    public int Train { get; }

    /// <summary>Images for testing.</summary>
    public int Test { get; }

    /// <summary>(C, H, W).</summary>
    public Shape Shape { get; }

    /// <summary>The classes' names, in the order of their labels.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The training split's mean and deviation; null where it is not loaded.</summary>
    public Normalization? Normalization { get; }

    public override string ToString() => Name;

    /// <summary>
    /// The first images of every class, a class after the other: about a hundred, one of each class at least.
    /// </summary>
    internal IEnumerable<CnnImage> Sample()
    {
        Dataset dataset = _load();
        int ofEach = Math.Max(1, SampleSize / dataset.Classes);
        return Enumerable.Range(0, dataset.Classes)
            .SelectMany(label => Images(dataset.Train, dataset, i => dataset.Train.Labels[i] == label).Take(ofEach));
    }

    /// <summary>Those images of a split whose index is chosen, in its order.</summary>
    internal static IEnumerable<CnnImage> Images(ImageSet split, Dataset dataset, Func<int, bool> choose) =>
        Enumerable.Range(0, split.Count).Where(choose).Select(i => split.ImageAt(i, dataset.ClassNames));
}
