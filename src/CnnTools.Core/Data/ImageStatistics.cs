namespace CnnTools.Data;

/// <summary>The mean and the deviation of each channel of images.</summary>
internal sealed class ImageStatistics(Shape shape)
{
    private readonly long[][] _counts = [.. Enumerable.Range(0, shape.Channels).Select(_ => new long[256])];
    private readonly int _area = shape.Height * shape.Width;

    /// <summary>Adds whole images, (N, C, H, W).</summary>
    public void Add(ReadOnlySpan<byte> pixels)
    {
        for (int plane = 0; plane * _area < pixels.Length; plane++)
        {
            long[] histogram = _counts[plane % _counts.Length];
            foreach (byte value in pixels.Slice(plane * _area, _area))
            {
                histogram[value]++;
            }
        }
    }

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
}
