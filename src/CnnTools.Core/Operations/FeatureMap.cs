using CnnTools.Backends;
using CnnTools.Images;

namespace CnnTools.Operations;

/// <summary>
/// Values that an operation takes or gives: a plane (H, W), planes (C, H, W), a batch of them (N, C, H, W), features (F)
/// or rows of features (N, F). It does not change, and in a pipeline it is one object.
/// </summary>
public class FeatureMap
{
    /// <summary>The most sizes that there can be.</summary>
    public const int MostDimensions = 4;

    private readonly float[] _values;
    private readonly Lazy<(double Minimum, double Maximum, double Mean, double Deviation)> _statistics;

    /// <param name="values">Row by row.</param>
    /// <param name="rowsOfFeatures">Whether two sizes are (N, F) and not (H, W).</param>
    /// <exception cref="CnnException">The sizes are none, more than four, or not those of the values.</exception>
    public FeatureMap(float[] values, Shape sizes, bool rowsOfFeatures = false)
        : this(sizes, [.. values ?? throw new ArgumentNullException(nameof(values))], rowsOfFeatures)
    {
    }

    /// <summary>Takes the array over: the values may be as large as memory allows, and are not copied.</summary>
    internal FeatureMap(Shape sizes, float[] values, bool rowsOfFeatures = false)
    {
        if (sizes.Rank is < 1 or > MostDimensions || sizes.Count != values.Length)
        {
            throw Errors.InvalidArgument("Sizes", $"{sizes}", $"one to four sizes of {values.Length} values");
        }

        _values = values;
        _statistics = new(Measure);
        Shape = sizes;
        IsRows = rowsOfFeatures && sizes.Rank == 2;
    }

    /// <summary>What made it: a kernel's name, a layer's.</summary>
    public string Label { get; init; } = "";

    /// <summary>The model whose layer it is seen in; empty where it is none's.</summary>
    public string Model { get; init; } = "";

    /// <summary>The layer that gave it, or whose weight it is; empty where it is none's.</summary>
    public string Layer { get; init; } = "";

    /// <summary>What it was made from: a file, empty for numbers.</summary>
    public string Source { get; init; } = "";

    /// <summary>All sizes, the batch's among them.</summary>
    public Shape Shape { get; }

    public double Minimum => _statistics.Value.Minimum;

    public double Maximum => _statistics.Value.Maximum;

    public double Mean => _statistics.Value.Mean;

    /// <summary>The standard deviation of these values (divided by their number).</summary>
    public double Deviation => _statistics.Value.Deviation;

    /// <summary>The weights that it was computed with, by name, as they are afterwards; none where it is no layer's.</summary>
    public IReadOnlyDictionary<string, FeatureMap> Weights { get; init; } = NamedMaps.None;

    /// <summary>Whether it is rows of features (N, F).</summary>
    internal bool IsRows { get; }

    /// <summary>Whether the first size counts samples.</summary>
    internal bool IsBatch => IsRows || Shape.Rank == MostDimensions;

    internal int Samples => IsBatch ? Shape[0] : 1;

    /// <summary>An image's values, 0 to 255.</summary>
    /// <exception cref="CnnException">
    /// Its file is no longer there, or no longer the same; or there is no memory for its values, which take four times as much.
    /// </exception>
    public static FeatureMap Of(CnnImage image)
    {
        double bytes = (double)image.Shape.Count * sizeof(float);
        return bytes > ManagedMemory.Free
            ? throw Errors.OperationTooLarge(Device.Cpu, bytes, ManagedMemory.Free)
            : new(SizesOf(1, image.Shape, isBatch: false), Array.ConvertAll(image.Pixels, pixel => (float)pixel)) { Source = image.Path };
    }

    /// <summary>The values, row by row.</summary>
    public ReadOnlySpan<float> AsSpan() => _values;

    /// <summary>A copy as an array of as many dimensions as it has sizes: float[,] for a plane.</summary>
    public Array ToArray()
    {
        Array array = Array.CreateInstance(typeof(float), [.. Shape.Sizes]);
        Buffer.BlockCopy(_values, 0, array, 0, Buffer.ByteLength(_values));
        return array;
    }

    /// <summary>The shape of one sample, as layers take it: (C, H, W) or (F).</summary>
    public Shape GetSampleShape() => Shape.Rank switch
    {
        2 when !IsRows => new(1, Shape[0], Shape[1]),
        2 or MostDimensions => new([.. Shape.Sizes[1..]]),
        _ => Shape,
    };

    /// <summary>The shape of one sample, which has rows and columns.</summary>
    /// <exception cref="CnnException">It has none.</exception>
    public Shape GetImageShape() => GetSampleShape() is { Rank: 3 } image ? image : throw Errors.NoImage(Shape);

    /// <summary>The same values as rows of features, where they have two sizes.</summary>
    public FeatureMap AsRows() => new(Shape, _values, rowsOfFeatures: true) { Label = Label, Model = Model, Layer = Layer, Source = Source };

    /// <summary>Its planes (H, W), sample by sample and channel by channel; rows of features are one, a row is one of height 1.</summary>
    public IEnumerable<FeatureMap> GetPlanes()
    {
        int height = Shape.Rank == 1 ? 1 : Shape[Shape.Rank - 2];
        int area = height * Shape[Shape.Rank - 1];
        for (int start = 0; start < _values.Length; start += area)
        {
            yield return new(new(height, Shape[Shape.Rank - 1]), _values[start..(start + area)])
            {
                Label = Label, Model = Model, Layer = Layer, Source = Source,
            };
        }
    }

    /// <summary>The numbers where they are few, as matrices; else the shape and what the values are like.</summary>
    public override string ToString() => MatrixText.Write(_values, Shape) ?? MatrixText.Summarize(this);

    /// <summary>Some rows of every plane.</summary>
    internal FeatureMap TakeRows(int top, int count)
    {
        Shape image = GetImageShape();
        float[] values = new float[Samples * image.Channels * count * image.Width];
        CopyRows(_values, image.Height, top, values, count, 0, count);
        return new(SizesOf(Samples, new(image.Channels, count, image.Width), IsBatch), values) { Label = Label, Source = Source };
    }

    /// <summary>Writes all rows into planes of the same width and another height.</summary>
    internal void CopyRows(float[] planes, int height, int top)
    {
        int own = GetImageShape().Height;
        CopyRows(_values, own, 0, planes, height, top, own);
    }

    /// <summary>All sizes of samples of this shape; a single plane without a batch is a matrix.</summary>
    internal static Shape SizesOf(int samples, Shape sample, bool isBatch) => isBatch
        ? new([samples, .. sample.Sizes])
        : sample is { Rank: 3, Channels: 1 } ? new(sample.Height, sample.Width) : sample;

    private void CopyRows(float[] from, int fromHeight, int fromTop, float[] to, int toHeight, int toTop, int count)
    {
        int width = GetImageShape().Width;
        for (int plane = 0; plane < from.Length / (fromHeight * width); plane++)
        {
            from.AsSpan(((plane * fromHeight) + fromTop) * width, count * width).CopyTo(to.AsSpan(((plane * toHeight) + toTop) * width));
        }
    }

    private (double Minimum, double Maximum, double Mean, double Deviation) Measure()
    {
        double mean = _values.Average(value => (double)value);
        double variance = _values.Average(value => (value - mean) * (value - mean));
        return (_values.Min(), _values.Max(), mean, Math.Sqrt(variance));
    }
}
