using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Images;
using CnnTools.Operations;
using CnnTools.Predictions;

namespace CnnTools.Inspection;

/// <summary>What a network looks at: samples as it takes them, and the picture that they were made of.</summary>
public sealed class NetworkInput
{
    private readonly float[] _values;

    private NetworkInput(float[] values, Shape shape, int samples, bool isBatch, CnnImage? picture, string source) =>
        (_values, Shape, Samples, IsBatch, Picture, Source) = (values, shape, samples, isBatch, picture, source);

    /// <summary>(C, H, W) of one sample, or (F).</summary>
    public Shape Shape { get; }

    public int Samples { get; }

    /// <summary>Whether what is seen has a batch dimension.</summary>
    public bool IsBatch { get; }

    /// <summary>The part of the picture that the network sees, of the picture's own size; null for numbers.</summary>
    public CnnImage? Picture { get; }

    /// <summary>The picture's file; empty where there is none.</summary>
    public string Source { get; }

    /// <summary>A picture, or the part of it that the fit leaves, as the reader takes it.</summary>
    /// <param name="shape">The network's input.</param>
    /// <exception cref="CnnException">The network takes no such pictures.</exception>
    public static NetworkInput Of(SampleReader reader, CnnImage image, Shape shape, PictureFit fit)
    {
        CnnImage picture = fit == PictureFit.Cover && shape.Rank == 3 ? Cut(image, shape) : image;
        return new(reader.Read(picture, image.Path).Values, shape, 1, isBatch: false, picture, image.Path);
    }

    /// <summary>Numbers, one sample or a batch, as the reader takes them.</summary>
    /// <param name="shape">The network's input.</param>
    /// <exception cref="CnnException">They are not of this shape, nor a batch of it.</exception>
    public static NetworkInput Of(SampleReader reader, FeatureMap map, Shape shape)
    {
        Sample[] samples = [.. reader.Read(map)];
        return new(
            [.. samples.SelectMany(sample => sample.Values)], shape, samples.Length, map.Shape.Rank > shape.Rank, null, map.Source);
    }

    /// <summary>All images of a set, as the reader takes them.</summary>
    public static NetworkInput Of(SampleReader reader, ImageSet images) => Of(
        reader, new FeatureMap(Array.ConvertAll(images.Pixels, pixel => (float)pixel), FeatureMap.SizesOf(images.Count, images.ImageShape, isBatch: true)),
        images.ImageShape);

    /// <summary>Inputs of one network as one batch.</summary>
    public static NetworkInput Join(IReadOnlyList<NetworkInput> inputs) => new(
        [.. inputs.SelectMany(input => input._values)], inputs[0].Shape, inputs.Sum(input => input.Samples), isBatch: true, null, "");

    /// <summary>The picture, or, for numbers, a sample drawn in grey: from the least value, black, to the largest.</summary>
    public CnnImage Draw(int sample)
    {
        if (Picture is { } picture)
        {
            return picture;
        }

        ReadOnlySpan<float> values = _values.AsSpan(sample * (int)Shape.Count, (int)Shape.Count);
        Shape drawn = Shape.Channels == 3 ? Shape : new(1, Shape.Height, Shape.Width);
        ValueRange range = ValueRange.Of(values);
        byte[] pixels = new byte[drawn.Count];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = range.ToByte(values[i]);
        }

        return new(pixels, drawn);
    }

    /// <summary>(N, C, H, W) or (N, F), in the caller's scope.</summary>
    internal Tensor ToTensor(IBackend backend, Device device) => backend.FromFloats(_values, Shape.WithBatch(Samples), device);

    /// <summary>The largest part around the centre that has the proportions of a shape.</summary>
    private static CnnImage Cut(CnnImage image, Shape shape)
    {
        double scale = Math.Min((double)image.Height / shape.Height, (double)image.Width / shape.Width);
        Pair size = new(Side(shape.Height, image.Height), Side(shape.Width, image.Width));
        return image.Crop(new(null, size));

        int Side(int of, int most) => Math.Clamp((int)Math.Round(of * scale), 1, most);
    }
}
