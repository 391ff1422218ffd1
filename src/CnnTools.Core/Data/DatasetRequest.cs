using CnnTools.Backends;

namespace CnnTools.Data;

/// <summary>
/// Which data set, and how its files become images. A checkpoint keeps it, so that a training finds the same data again.
/// </summary>
/// <param name="Name">One of <see cref="DatasetCatalog.All"/>, case does not matter; or the path of a folder of images.</param>
public sealed record DatasetRequest(string Name)
{
    /// <summary>The folder to look in; without one, <see cref="DataFolder.Resolve"/> says which.</summary>
    public string? DataPath { get; init; }

    /// <summary>Of data that are made, and of the choice of test images where there is no test split. Not a run's seed, so that runs compare.</summary>
    public ulong DataSeed { get; init; } = SynthDigits.DefaultSeed;

    /// <summary>Height and width that images are scaled to; null leaves them as they are.</summary>
    public Pair? ImageSize { get; init; }

    /// <summary>
    /// The share of a folder's images that are for training, where it has no test split of its own; null is
    /// <see cref="ImageFolder.DefaultTrainFraction"/>.
    /// </summary>
    public double? TrainFraction { get; init; }

    /// <summary>
    /// The bytes that a folder's decoded images may take to be resident; those of more are streamed: 0 streams any. Null is a
    /// quarter of the machine's memory. What comes of a training is the same either way.
    /// </summary>
    public long? ResidentLimit { get; init; }

    /// <summary>A CSV file with a row an image: its file and its label; null where subfolders tell the classes.</summary>
    public string? LabelFile { get; init; }

    /// <summary>The column of files, relative to the folder; null is "image".</summary>
    public string? ImageColumn { get; init; }

    /// <summary>The column of class names; null is "label".</summary>
    public string? LabelColumn { get; init; }
}
