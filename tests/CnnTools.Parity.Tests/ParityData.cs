using CnnTools.Data;

namespace CnnTools.Tests;

/// <summary>Small data sets to compare trainings on.</summary>
internal static class ParityData
{
    /// <summary>The first images of MNIST; SynthDigits where it is absent.</summary>
    public static Dataset Digits(int trainCount, int testCount)
    {
        if (!Directory.Exists(Path.Combine(RealDataFactAttribute.Root, "mnist")))
        {
            return SynthDigits.Create(trainCount: trainCount, testCount: testCount);
        }

        Dataset mnist = DatasetCatalog.Load("MNIST", RealDataFactAttribute.Root);
        return mnist with { Train = First(mnist.Train, trainCount), Test = First(mnist.Test, testCount) };
    }

    /// <summary>Colour images of 32x32.</summary>
    public static Dataset Colours(int trainCount, int testCount) =>
        new("Colours", ColourImages.Draw(1, trainCount), ColourImages.Draw(2, testCount), SynthDigits.ClassNames,
            Normalization.None);

    private static ImageSet First(ImageSet images, int count) => images.Select([.. Enumerable.Range(0, count)]);
}
