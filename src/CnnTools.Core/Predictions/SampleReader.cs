using CnnTools.Data;
using CnnTools.Images;
using CnnTools.Operations;

namespace CnnTools.Predictions;

/// <summary>Makes of images and numbers what a model takes: in its input's shape, and normalised.</summary>
/// <param name="normalization">Of pixel values from 0 to 255.</param>
public sealed class SampleReader(CnnModel model, Normalization normalization)
{
    private readonly Shape _input = model.InputShape;
    private readonly float[] _offsets = model.InputShape.Rank == 3 ? normalization.ToOffsets(model.InputShape.Channels) : [];
    private readonly float[] _lookup = model.InputShape.Rank == 3 ? normalization.ToLookup(model.InputShape.Channels) : [];

    /// <summary>
    /// An image, scaled to the input's height and width whatever its own are to each other. Colours are made grey for an
    /// input of one channel, grey is repeated for one of three.
    /// </summary>
    /// <exception cref="CnnException">The network takes no images, or of other channels; or the file cannot be read again.</exception>
    public Sample Read(CnnImage image, string source)
    {
        if (_input.Rank != 3)
        {
            throw Errors.NoImages(model.Name, _input);
        }

        ImageChanges changes = new(Size: new(_input.Height, _input.Width), Grayscale: _input.Channels == 1);
        byte[] pixels = changes.Apply(_input.Channels == 1 ? image.RgbPixels : image.Pixels, image.Shape);
        int area = _input.Height * _input.Width;
        int planes = pixels.Length / area;
        if (planes != _input.Channels && planes != 1)
        {
            throw Errors.InputDoesNotFit(model.Name, _input, source, image.Shape);
        }

        float[] values = new float[_input.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = _lookup[(i / area * 256) + pixels[i % pixels.Length]] + OffsetAt(i);
        }

        return new(source, Whiten(values));
    }

    /// <summary>Numbers, one sample or a batch: pixel values from 0 to 255 where the network takes images, else features.</summary>
    /// <exception cref="CnnException">They are not of the input's shape.</exception>
    public IEnumerable<Sample> Read(FeatureMap map)
    {
        if (_input.Rank == 1 && map.Shape.Rank == 2)
        {
            map = map.AsRows();
        }

        if (map.GetSampleShape() != _input)
        {
            throw Errors.InputDoesNotFit(model.Name, _input, map.Source, map.GetSampleShape());
        }

        return map.AsSpan().ToArray().Chunk((int)_input.Count).Select(values => new Sample(map.Source, Normalize(values)));
    }

    /// <summary>As <see cref="Normalization.ToLookup"/> does it, for values that may lie between bytes.</summary>
    private float[] Normalize(float[] values)
    {
        if (_input.Rank != 3)
        {
            return values;
        }

        int area = _input.Height * _input.Width;
        for (int i = 0; i < values.Length; i++)
        {
            int channel = normalization.Mean.Length == 1 ? 0 : i / area;
            values[i] = (((values[i] / 255f) - normalization.Mean[channel]) / normalization.Deviation[channel]) + OffsetAt(i);
        }

        return Whiten(values);
    }

    private float[] Whiten(float[] values) => normalization.Whitening?.Apply(values) ?? values;

    private float OffsetAt(int place) => _offsets.Length == 0 ? 0 : _offsets[place];
}
