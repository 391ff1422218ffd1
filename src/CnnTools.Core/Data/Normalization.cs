using System.Collections.Immutable;
using System.Globalization;
using CnnTools.Backends;

namespace CnnTools.Data;

/// <summary>
/// What is done to pixel values before a network sees them: x = (value / 255 - mean) / deviation, for each channel or
/// one pair for all. It belongs to a trained model: testing and predicting use it again.
/// </summary>
public sealed record Normalization(ImmutableArray<float> Mean, ImmutableArray<float> Deviation)
{
    /// <summary>Pixels scaled to [0, 1] and nothing else, as torchvision's ToTensor does.</summary>
    public static Normalization None { get; } = new([0f], [1f]);

    /// <summary>
    /// What is subtracted from each pixel besides the channel's mean: the mean image, (C, H, W) of values from 0 to 1; null
    /// where there is none.
    /// </summary>
    public float[]? MeanImage { get; init; }

    /// <summary>What is done to the values last; null where nothing is. It stands behind a mean image.</summary>
    public Whitening? Whitening { get; init; }

    /// <summary>Subtracts the mean image of a set and scales nothing, as Krizhevsky et al. 2012 did.</summary>
    public static Normalization MeanImageOf(ImageSet images)
    {
        int size = (int)images.ImageShape.Count;
        long[] sums = new long[size];
        foreach (byte[] pixels in images.ReadAll())
        {
            for (int i = 0; i < pixels.Length; i++)
            {
                sums[i % size] += pixels[i];
            }
        }

        return None with { MeanImage = Array.ConvertAll(sums, sum => (float)(sum / (255.0 * images.Count))) };
    }

    /// <summary>Subtracts the mean image of a set and whitens what is left; the backend computes it.</summary>
    /// <param name="epsilon">What is added to each variance; above 0.</param>
    /// <exception cref="CnnException">The images have more than <see cref="Whitening.MostValues"/> values.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static Normalization WhiteningOf(
        IBackend backend, ImageSet images, WhiteningKind kind, double epsilon = Whitening.DefaultEpsilon, CancellationToken stop = default) =>
        WhiteningFit.Of(backend, images, kind, epsilon, stop);

    /// <summary>
    /// The mean and deviation of each channel over all images, rounded to four digits as they are commonly given. A
    /// channel of one value has deviation 1.
    /// </summary>
    public static Normalization Of(ImageSet images)
    {
        ImageStatistics statistics = new(images.ImageShape);
        foreach (byte[] pixels in images.ReadAll())
        {
            statistics.Add(pixels);
        }

        return statistics.Normalization();
    }

    /// <summary>Whether there is one mean and one deviation above 0 for all channels, or for each.</summary>
    public bool IsValidFor(int channels) =>
        !Mean.IsDefault && !Deviation.IsDefault && Mean.Length == Deviation.Length
            && (Mean.Length == 1 || Mean.Length == channels)
            && Mean.All(float.IsFinite) && Deviation.All(d => float.IsFinite(d) && d > 0);

    /// <summary>The same, and that a mean image is of this shape (C, H, W) and a whitening can be.</summary>
    public bool IsValidFor(Shape images) => IsValidFor(images.Channels)
        && (MeanImage is null || (MeanImage.Length == images.Count && Array.TrueForAll(MeanImage, float.IsFinite)))
        && (Whitening is null || images.Count <= Whitening.MostValues);

    /// <summary>What is still to be added to values that went through the table, (C, H, W); none without a mean image.</summary>
    internal float[] ToOffsets(int channels) => MeanImage is null
        ? []
        : [.. MeanImage.Select((mean, i) => -mean / Deviation[Deviation.Length == 1 ? 0 : i / (MeanImage.Length / channels)])];

    /// <summary>
    /// A (channels, 256) table of the value that each byte becomes, computed in float32 in the order of ToTensor and
    /// Normalize, so that it is theirs bit for bit.
    /// </summary>
    /// <exception cref="CnnException">The number of means or deviations is neither 1 nor the number of channels.</exception>
    public float[] ToLookup(int channels)
    {
        if (!IsValidFor(channels))
        {
            throw Errors.InvalidArgument("Normalize", ToString(),
                $"one mean and one deviation, or {channels} of each, one for each channel of the images");
        }

        float[] table = new float[channels * 256];
        for (int channel = 0; channel < channels; channel++)
        {
            int source = Mean.Length == 1 ? 0 : channel;
            for (int value = 0; value < 256; value++)
            {
                table[(channel * 256) + value] = ((value / 255f) - Mean[source]) / Deviation[source];
            }
        }

        return table;
    }

    /// <summary>The nearest bytes that normalised values (C, H, W) stand for.</summary>
    internal byte[] ToPixels(float[] values, int channels)
    {
        byte[] pixels = new byte[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            int source = Mean.Length == 1 ? 0 : i / (values.Length / channels);
            pixels[i] = (byte)Math.Clamp(MathF.Round(((values[i] * Deviation[source]) + Mean[source]) * 255), 0, 255);
        }

        return pixels;
    }

    public bool Equals(Normalization? other) =>
        other is not null && Mean.SequenceEqual(other.Mean) && Deviation.SequenceEqual(other.Deviation)
            && (MeanImage is null ? other.MeanImage is null : other.MeanImage is not null && MeanImage.AsSpan().SequenceEqual(other.MeanImage))
            && Whitening == other.Whitening;

    public override int GetHashCode() => HashCode.Combine(Mean.Length, Mean[0], Deviation[0]);

    public override string ToString() =>
        this == None ? "none" : Whitening is not null ? $"{Whitening}" : MeanImage is not null ? "mean image" : $"mean {Join(Mean)}, deviation {Join(Deviation)}";

    private static string Join(ImmutableArray<float> values) =>
        string.Join(" ", values.Select(v => v.ToString(CultureInfo.InvariantCulture)));
}
