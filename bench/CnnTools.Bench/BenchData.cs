using System.Runtime.CompilerServices;
using CnnTools.Data;
using CnnTools.Tests;

namespace CnnTools.Bench;

/// <summary>The data of the benchmarks: the same bytes for both sides. What they show does not change their speed.</summary>
/// <param name="root">A folder with MNIST in it; SynthDigits stand in for it where it is absent.</param>
internal sealed class BenchData(string? root)
{
    private const string Variable = "CNNTOOLS_TEST_DATA";

    /// <summary>Seed 001's, for all cases.</summary>
    public static Normalization Normalization { get; } = new([0.5f], [0.5f]);

    /// <summary>Grey images of 28x28 in ten classes.</summary>
    public Dataset Digits(int trainCount, int testCount)
    {
        string folder = root ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : BesideRepository());
        if (!Directory.Exists(Path.Combine(folder, "mnist")))
        {
            return SynthDigits.Create(trainCount: trainCount, testCount: testCount);
        }

        Dataset mnist = DatasetCatalog.Load("MNIST", folder);
        return mnist with { Train = First(mnist.Train, trainCount), Test = First(mnist.Test, testCount) };
    }

    /// <summary>Colour images of 32x32 in ten classes.</summary>
    public static Dataset Colours(int trainCount) =>
        new("generated images", ColourImages.Draw(1, trainCount), ColourImages.Draw(2, 10), SynthDigits.ClassNames,
            Normalization.None);

    private static ImageSet First(ImageSet images, int count) =>
        images.Select([.. Enumerable.Range(0, Math.Min(count, images.Count))]);

    private static string BesideRepository([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "shared", "data"));
}
