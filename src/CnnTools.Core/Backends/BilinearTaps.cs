namespace CnnTools.Backends;

/// <summary>
/// From where bilinear scaling without smoothing takes the values of one axis of its results, image after image, and how
/// much of the second of each pair; as torch.nn.functional.interpolate.
/// </summary>
public sealed class BilinearTaps
{
    private readonly List<long> _first = [], _second = [];
    private readonly List<float> _shares = [];

    public long[] First => [.. _first];

    public long[] Second => [.. _second];

    public float[] Shares => [.. _shares];

    /// <summary>One image's axis: a part of it is scaled to the whole size.</summary>
    public void Add(long start, long length, long size)
    {
        float scale = (float)length / size;
        for (long i = 0; i < size; i++)
        {
            float place = Math.Max((scale * (i + 0.5f)) - 0.5f, 0);
            long below = Math.Min((long)place, length - 1);
            _first.Add(start + below);
            _second.Add(start + Math.Min(below + 1, length - 1));
            _shares.Add(place - below);
        }
    }
}
