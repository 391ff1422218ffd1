using System.Collections.Immutable;

namespace CnnTools.Data;

/// <summary>A data set, resident or streamed: a split to train on and one to test on.</summary>
/// <param name="Name">As the user asked for it: MNIST, SynthDigits, or the full path of a folder of images.</param>
/// <param name="Normalization">The training split's own mean and deviation.</param>
public sealed record Dataset(
    string Name, ImageSet Train, ImageSet Test, ImmutableArray<string> ClassNames, Normalization Normalization)
{
    /// <summary>How it was asked for: with it the same data are found again.</summary>
    public DatasetRequest Request { get; init; } = new(Name);

    /// <summary>Why it is to look at only: a class lacks images in a split that was divided by a share; null where none does.</summary>
    internal CnnException? SplitFault { get; init; }

    public Shape ImageShape => Train.ImageShape;

    /// <summary>A hash of the training split's images and labels: equal where a training can go on.</summary>
    internal string Fingerprint => Train.Fingerprint;

    public int Classes => ClassNames.Length;
}
