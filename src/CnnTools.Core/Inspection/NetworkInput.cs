using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Images;
using CnnTools.Operations;

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

    /// <summary>
    /// A picture, scaled to the network's input and normalised. A network of one channel sees its grey; one of three sees a
    /// grey picture three times.
    /// </summary>
    /// <param name="shape">The network's input.</param>
    /// <exception cref="CnnException">InputDoesNotFit: the network does not take pictures of one channel or three.</exception>
    public static NetworkInput Of(CnnImage image, Shape shape, PictureFit fit, Normalization normalization)
    {
        if (shape is not { Rank: 3, Channels: 1 or 3 })
        {
            throw Errors.InputDoesNotFit(shape, image.Shape);
        }

        CnnImage picture = fit == PictureFit.Cover ? Cut(image, shape) : image;
        ImageChanges changes = new(Size: new Pair(shape.Height, shape.Width), Grayscale: shape.Channels == 1);
        byte[] pixels = changes.Apply(picture.Pixels, picture.Shape);
        float[] lookup = normalization.ToLookup(shape.Channels);
        float[] values = new float[shape.Count];
        int area = shape.Height * shape.Width;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = lookup[(i / area * 256) + pixels[i % pixels.Length]];
        }

        return new(values, shape, 1, isBatch: false, picture, image.Path);
    }

    /// <summary>Numbers as they are, or, with a normalisation, normalised as pixel values from 0 to 255 are.</summary>
    /// <param name="shape">The network's input.</param>
    /// <exception cref="CnnException">InputDoesNotFit: they are not of this shape, nor a batch of it.</exception>
    public static NetworkInput Of(FeatureMap map, Shape shape, Normalization? normalization)
    {
        FeatureMap rows = shape.Rank == 1 && map.Shape.Rank == 2 ? map.AsRows() : map;
        if (rows.GetSampleShape() != shape)
        {
            throw Errors.InputDoesNotFit(shape, map.Shape);
        }

        float[] values = rows.AsSpan().ToArray();
        if (normalization is not null)
        {
            Normalize(values, shape, normalization);
        }

        return new(values, shape, rows.Samples, rows.IsBatch, null, map.Source);
    }

    /// <summary>All images of a set, normalised.</summary>
    public static NetworkInput Of(ImageSet images, Normalization normalization)
    {
        float[] values = Array.ConvertAll(images.Pixels, pixel => (float)pixel);
        Normalize(values, images.ImageShape, normalization);
        return new(values, images.ImageShape, images.Count, isBatch: true, null, "");
    }

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

    private static void Normalize(float[] values, Shape shape, Normalization normalization)
    {
        int channels = shape.Rank == 3 ? shape.Channels : 1;
        normalization.RequireValidFor(channels);
        long area = shape.Count / channels;
        for (int i = 0; i < values.Length; i++)
        {
            int channel = normalization.Mean.Length == 1 ? 0 : (int)(i / area % channels);
            values[i] = ((values[i] / 255f) - normalization.Mean[channel]) / normalization.Deviation[channel];
        }
    }

    /// <summary>The largest part around the centre that has the proportions of a shape.</summary>
    private static CnnImage Cut(CnnImage image, Shape shape)
    {
        double scale = Math.Min((double)image.Height / shape.Height, (double)image.Width / shape.Width);
        Pair size = new(Side(shape.Height, image.Height), Side(shape.Width, image.Width));
        return image.Crop(new(null, size));

        int Side(int of, int most) => Math.Clamp((int)Math.Round(of * scale), 1, most);
    }
}
