using System.Collections.Immutable;

namespace CnnTools.Data;

/// <summary>
/// Digits drawn by our own code from a seed: 28x28, one channel, ten balanced classes. Strokes with several styles for
/// each digit under a random affine map, an elastic wobble, pen width, brightness, clutter and noise. Made so that a
/// training needs no download, and so that it tells a convolutional network from a linear one: softmax regression ends
/// at 82 % test accuracy, LeNet5 (SGD 0.01, momentum 0.9, batch 64) at 98 % after 6 epochs and 99 % after 10.
/// </summary>
/// <remarks>The same bytes on every platform: the arithmetic is + - * / and square roots throughout.</remarks>
public static class SynthDigits
{
    public const string Name = "SynthDigits";

    public const int Size = 28;
    public const int Classes = 10;
    public const int DefaultTrainCount = 10_000;
    public const int DefaultTestCount = 2_000;

    /// <summary>
    /// The seed of the data that everybody means by SynthDigits; a run's own seed does not change it, so that runs
    /// compare.
    /// </summary>
    public const ulong DefaultSeed = 1998;

    /// <summary>Of the training split at the default seed and count (measured; a test repeats it).</summary>
    public static Normalization DefaultNormalization { get; } = new([0.1693f], [0.2132f]);

    public static ImmutableArray<string> ClassNames { get; } = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    /// <summary>Draws both splits, from random streams of their own.</summary>
    /// <param name="seed">The same seed gives the same bytes.</param>
    /// <param name="trainCount">Images in the training split; at least 10, one of each class.</param>
    /// <param name="testCount">Images in the test split; at least 10.</param>
    /// <exception cref="CnnException">A count is less than the number of classes.</exception>
    public static Dataset Create(
        ulong seed = DefaultSeed, int trainCount = DefaultTrainCount, int testCount = DefaultTestCount) =>
        new(Name,
            Draw(new RandomStream(seed, "SynthDigits train"), trainCount),
            Draw(new RandomStream(seed, "SynthDigits test"), testCount),
            ClassNames, DefaultNormalization);

    private static ImageSet Draw(RandomStream random, int count)
    {
        if (count < Classes)
        {
            throw Errors.InvalidArgument("Count", count, "10 or more, one image of each class at least");
        }

        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = i % Classes;
        }

        random.Shuffle<int>(labels);
        byte[] pixels = new byte[count * Size * Size];
        SynthPainter painter = new(random);
        for (int i = 0; i < count; i++)
        {
            painter.Paint(labels[i], pixels.AsSpan(i * Size * Size, Size * Size));
        }

        return new ImageSet(pixels, labels, new Shape(1, Size, Size));
    }
}
