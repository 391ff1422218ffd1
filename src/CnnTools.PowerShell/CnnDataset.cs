using CnnTools.Data;
using CnnTools.Images;

namespace CnnTools.PowerShell;

/// <summary>What Get-CnnDataset tells of a data set. One of the catalog that is only listed is not loaded for it.</summary>
public sealed class CnnDataset
{
    private const int SampleSize = 100;

    private readonly Func<Dataset> _load;
    private readonly Lazy<int>? _shared;

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
        _shared = new(() => SharedImages.Count(dataset));
    }

    /// <summary>A name of the catalog, or a folder's full path.</summary>
    public string Name { get; }

    /// <summary>Where the data are from: a paper, a folder.</summary>
    public string Source { get; }

    /// <summary>Images for training.</summary>
    public int Train { get; }

    /// <summary>Images for testing.</summary>
    public int Test { get; }

    /// <summary>Images for testing that are among those for training too, pixel for pixel; null where they are not loaded.</summary>
    public int? TestInTrain => _shared?.Value;

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
            .SelectMany(label => Enumerable.Range(0, dataset.Train.Count).Where(i => dataset.Train.Labels[i] == label).Take(ofEach))
            .Select(i => dataset.Train.ImageAt(i, dataset.ClassNames));
    }
}
