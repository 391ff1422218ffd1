namespace CnnTools.Backends;

/// <summary>The step from bytes to float32 batches, for backends that have no pass of their own for it.</summary>
public static class ByteLookup
{
    private const int Levels = 256;

    /// <summary>Replaces each value of images (N, C, H, W), one after the other, by lookup[channel, value].</summary>
    /// <param name="lookup">(C, 256).</param>
    /// <param name="area">H · W.</param>
    /// <param name="batch">As many values; with channels last they are ordered (N, H, W, C).</param>
    public static void Apply(
        ReadOnlySpan<byte> images, ReadOnlySpan<float> lookup, int area, MemoryLayout layout, Span<float> batch)
    {
        int channels = lookup.Length / Levels;
        int step = layout == MemoryLayout.ChannelsLast ? channels : 1;
        for (int from = 0; from < images.Length;)
        {
            int image = from;
            for (int c = 0; c < channels; c++, from += area)
            {
                ReadOnlySpan<float> values = lookup.Slice(c * Levels, Levels);
                ReadOnlySpan<byte> plane = images.Slice(from, area);
                int to = layout == MemoryLayout.ChannelsLast ? image + c : from;
                for (int p = 0; p < plane.Length; p++, to += step)
                {
                    batch[to] = values[plane[p]];
                }
            }
        }
    }
}
