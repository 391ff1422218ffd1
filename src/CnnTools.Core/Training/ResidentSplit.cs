using CnnTools.Augmentation;
using CnnTools.Backends;
using CnnTools.Data;

namespace CnnTools.Training;

/// <summary>
/// A split that lives whole on the device: bytes and labels, from which batches are gathered and normalised there.
/// </summary>
public sealed class ResidentSplit : IBatchSource
{
    private readonly IBackend _backend;
    private readonly Tensor _images;
    private readonly Tensor _labels;
    private readonly PixelTransform _pixels;

    public ResidentSplit(IBackend backend, ImageSet images, Normalization normalization, Device device)
    {
        _backend = backend;
        Labels = images.Labels;
        _images = backend.FromBytes(images.Pixels, images.ImageShape.WithBatch(images.Count), device);
        _labels = backend.FromIndices([.. images.Labels.Select(label => (long)label)], device);
        _pixels = new(backend, normalization, images.ImageShape, device);
    }

    public int Count => Labels.Count;

    public IReadOnlyList<int> Labels { get; }

    public DecodeRate? Decoding => null;

    public IEnumerable<Batch> Read(ReadOnlyMemory<long> order, int batchSize, int first, CancellationToken stop)
    {
        for (long start = (long)first * batchSize; start < order.Length && !stop.IsCancellationRequested; start += batchSize)
        {
            yield return new(order.Slice((int)start, (int)Math.Min(batchSize, order.Length - start)));
        }
    }

    public (Tensor Images, Tensor Labels) Load(Batch batch, MemoryLayout layout, BatchAugmentation? augmentation = null) =>
        Gather(batch.Indices.Span, layout, augmentation);

    /// <summary>Normalised images (N, C, H, W) and labels (N), made in the caller's scope.</summary>
    /// <param name="augmentation">What is done to the images on their way; null leaves them as they are.</param>
    public (Tensor Images, Tensor Labels) Gather(
        ReadOnlySpan<long> indices, MemoryLayout layout, BatchAugmentation? augmentation = null) =>
        (_pixels.Gather(_images, indices, layout, augmentation), _backend.GatherLabels(_labels, indices));

    public void Dispose()
    {
        _images.Dispose();
        _labels.Dispose();
        _pixels.Dispose();
    }
}
