using System.Security.Cryptography;
using System.Runtime.InteropServices;
using System.Text;

namespace CnnTools.Data;

/// <summary>What one way through the images of a split tells: its fingerprint, its mean and its deviation.</summary>
internal sealed class ImageStatistics : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly long[][] _counts;
    private readonly int _area;

    public ImageStatistics(int[] labels, Shape shape)
    {
        _area = shape.Height * shape.Width;
        _counts = [.. Enumerable.Range(0, shape.Channels).Select(_ => new long[256])];
        _hash.AppendData(Encoding.UTF8.GetBytes(shape.ToString()));
        _hash.AppendData(MemoryMarshal.AsBytes<int>(labels));
    }

    /// <summary>Adds whole images, (N, C, H, W), that follow those before.</summary>
    public void Add(ReadOnlySpan<byte> pixels)
    {
        _hash.AppendData(pixels);
        for (int plane = 0; plane * _area < pixels.Length; plane++)
        {
            long[] histogram = _counts[plane % _counts.Length];
            foreach (byte value in pixels.Slice(plane * _area, _area))
            {
                histogram[value]++;
            }
        }
    }

    /// <summary>A hash of the shape, the labels and the images.</summary>
    public string Fingerprint() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Each channel's mean and deviation, rounded to four digits as they are commonly given; a channel of one value has deviation 1.</summary>
    public Normalization Normalization()
    {
        double pixels = _counts[0].Sum();
        if (pixels == 0)
        {
            return Data.Normalization.None;
        }

        double[] means = [.. _counts.Select(histogram => histogram.Select((count, value) => (double)count * value).Sum() / pixels)];
        double[] deviations = [.. _counts.Select((histogram, channel) =>
            Math.Sqrt(histogram.Select((count, value) => count * (value - means[channel]) * (value - means[channel])).Sum() / pixels))];
        return new(
            [.. means.Select(mean => (float)Math.Round(mean / 255, 4))],
            [.. deviations.Select(deviation => (float)Math.Round(deviation / 255, 4) is > 0 and float rounded ? rounded : 1)]);
    }

    public void Dispose() => _hash.Dispose();
}
