using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Training;
using CnnTools.Weights;

namespace CnnTools.Tests;

/// <summary>Whitened images are what numpy makes of them from their singular values.</summary>
public sealed class WhiteningParityTests
{
    [PyTorchTheory]
    [InlineData(1200, 6, 1e-5)]  // more than are read at once
    [InlineData(1200, 6, 0.01)]
    [InlineData(50, 8, 0.01)]    // fewer than an image has values
    public void Images_are_whitened_as_numpy_does_it(int count, int side, double epsilon)
    {
        ImageSet images = Images(count, side);
        using PyTorchExchange exchange = new();
        exchange.WriteRequest(new { Epsilon = epsilon });
        exchange.WriteData(SafetensorsTensor.FromBytes(
            "images", SafetensorsType.U8, images.ImageShape.WithBatch(count), images.Pixels));
        exchange.Run("whitening.py");
        Dictionary<string, float[]> expected = exchange.ReadTensors("result.safetensors");

        Parity.AssertClose("zca", expected["zca"], Whiten(images, WhiteningKind.Zca, epsilon), 1e-4);

        // The sign of an axis is free, and so are axes along which nothing varies.
        float[] pca = Whiten(images, WhiteningKind.Pca, epsilon);
        int size = 3 * side * side;
        for (int axis = 0; axis < Math.Min(size, count - 1); axis++)
        {
            float[] theirs = Column(expected["pca"], axis, size), ours = Column(pca, axis, size);
            float sign = MathF.Sign(theirs.Zip(ours, (left, right) => left * right).Sum());
            Parity.AssertClose($"pca axis {axis}", theirs, Array.ConvertAll(ours, value => sign * value), 1e-3);
        }
    }

    private static float[] Column(float[] values, int column, int size) => [.. values.Chunk(size).Select(row => row[column])];

    private static float[] Whiten(ImageSet images, WhiteningKind kind, double epsilon)
    {
        Normalization normalization = Normalization.WhiteningOf(Parity.Backend, images, kind, epsilon);
        using PixelTransform transform = new(Parity.Backend, normalization, images.ImageShape, Device.Cpu);
        using ITensorScope scope = Parity.Backend.BeginScope(recordGradients: false);
        Tensor bytes = Parity.Backend.FromBytes(images.Pixels, images.ImageShape.WithBatch(images.Count), Device.Cpu);
        float[] values = new float[images.Pixels.Length];
        Parity.Backend.Read(transform.Gather(bytes, [.. Enumerable.Range(0, images.Count)], MemoryLayout.Contiguous), values);
        return values;
    }

    /// <summary>Noise that grows from value to value, each with a part of the one before: no two axes are alike.</summary>
    private static ImageSet Images(int count, int side)
    {
        RandomStream random = new(4, "whitening");
        int size = 3 * side * side;
        byte[] pixels = new byte[count * size];
        for (int i = 0; i < pixels.Length; i++)
        {
            double share = (i % size + 1.0) / size, before = i % size == 0 ? 128 : pixels[i - 1];
            pixels[i] = (byte)((0.5 * before) + (127 * share * random.NextDouble()));
        }

        return new(pixels, new int[count], new Shape(3, side, side));
    }
}
