namespace CnnTools.Data;

/// <summary>One way through images that are not kept: each is decoded once, several at a time.</summary>
internal sealed class ImageScan(ImageFiles images, ParallelFiles parallel)
{
    // More than enough for all workers, and little beside what a training takes.
    private const int MostBytes = 1 << 26;

    private readonly int _size = (int)images.Shape.Count;

    /// <summary>Decodes all, and takes in the first of them.</summary>
    /// <param name="counted">How many of the first are added to the hash and the statistics, in order.</param>
    /// <exception cref="CnnException">An image is broken: the first one in order.</exception>
    public void Run(int counted, ImageHash hash, ImageStatistics statistics)
    {
        int portion = Math.Clamp(MostBytes / _size, 1, 1024);
        byte[] pixels = new byte[Math.Min(portion, images.Count) * _size];
        parallel.ForEachPortion(images.Count, portion, "decoded", (first, end) =>
        {
            parallel.ForRange(first, end, i => images.Read(i, pixels.AsSpan((i - first) * _size, _size)));
            Span<byte> taken = pixels.AsSpan(0, Math.Max(0, Math.Min(end, counted) - first) * _size);
            hash.Add(taken);
            statistics.Add(taken);
        });
    }
}
