using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Images;
using CnnTools.Training;

namespace CnnTools.Augmentation;

/// <summary>Images as a training would see them, to be looked at.</summary>
public static class AugmentedImages
{
    /// <summary>
    /// Draws each image several times, in a row. What is erased in the normalised image is seen in the colour that stands for it.
    /// </summary>
    /// <param name="images">Pixels and labels; the images keep their classes.</param>
    /// <param name="augmentation">As <see cref="AugmentationCatalog.Parse"/> reads it.</param>
    /// <exception cref="CnnException">An augmentation is unknown, has wrong numbers, or cannot be done with these images.</exception>
    public static IEnumerable<CnnImage> Draw(
        IBackend backend, ImageSet images, IReadOnlyList<string> classNames, Normalization normalization,
        IReadOnlyList<string> augmentation, int copies, ulong seed)
    {
        AugmentationPlan plan = AugmentationPlan.Parse(augmentation, images.ImageShape, seed)
            ?? throw Errors.InvalidArgument("Augmentation", "nothing", "at least one augmentation, as 'HorizontalFlip'");
        long[] repeated = new long[copies];
        for (int i = 0; i < images.Count; i++)
        {
            Array.Fill(repeated, i);
            foreach (byte[] pixels in Draw(backend, images, normalization, repeated, plan.For(0, i)))
            {
                yield return new(pixels, images.ImageShape) { Label = classNames[images.Labels[i]] };
            }
        }
    }

    private static byte[][] Draw(
        IBackend backend, ImageSet images, Normalization normalization, long[] indices, BatchAugmentation augmentation)
    {
        Shape shape = images.ImageShape;
        using ITensorScope scope = backend.BeginScope(recordGradients: false);
        using PixelTransform transform = new(backend, normalization, shape, Device.Cpu);
        ImageSet one = images.Select([(int)indices[0]]);
        Tensor image = backend.FromBytes(one.Pixels, shape.WithBatch(1), Device.Cpu);
        Tensor batch = transform.Gather(image, new long[indices.Length], MemoryLayout.Contiguous, augmentation);
        float[] values = new float[batch.Count];
        backend.Read(batch, values);
        return [.. values.Chunk((int)shape.Count).Select(chunk => normalization.ToPixels(chunk, shape.Channels))];
    }
}
