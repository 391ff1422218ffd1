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
    private readonly Tensor _lookup;

    public ResidentSplit(IBackend backend, ImageSet images, Normalization normalization, Device device)
    {
        _backend = backend;
        Labels = images.Labels;
        _images = backend.FromBytes(images.Pixels, images.ImageShape.WithBatch(images.Count), device);
        _labels = backend.FromIndices([.. images.Labels.Select(label => (long)label)], device);
        int channels = images.ImageShape.Channels;
        _lookup = backend.FromFloats(normalization.ToLookup(channels), [channels, 256], device);
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

    public (Tensor Images, Tensor Labels) Load(Batch batch, MemoryLayout layout) => Gather(batch.Indices.Span, layout);

    /// <summary>Normalised images (N, C, H, W) and labels (N), made in the caller's scope.</summary>
    public (Tensor Images, Tensor Labels) Gather(ReadOnlySpan<long> indices, MemoryLayout layout) =>
        (_backend.GatherImages(_images, indices, _lookup, layout),
            _backend.GatherLabels(_labels, indices));

    public void Dispose()
    {
        _images.Dispose();
        _labels.Dispose();
        _lookup.Dispose();
    }
}
