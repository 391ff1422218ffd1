using CnnTools.Backends;
using CnnTools.Data;

namespace CnnTools.Training;

/// <summary>
/// A split that lives whole on the device: bytes and labels, from which batches are gathered and normalised there.
/// </summary>
public sealed class DeviceSplit : IDisposable
{
    private readonly IBackend _backend;
    private readonly Tensor _images;
    private readonly Tensor _labels;
    private readonly Tensor _lookup;

    public DeviceSplit(IBackend backend, ImageSet images, Normalization normalization, Device device)
    {
        _backend = backend;
        Labels = images.Labels;
        _images = backend.FromBytes(images.Pixels, images.ImageShape.WithBatch(images.Count), device);
        _labels = backend.FromIndices([.. images.Labels.Select(label => (long)label)], device);
        int channels = images.ImageShape.Channels;
        _lookup = backend.FromFloats(normalization.ToLookup(channels), [channels, 256], device);
    }

    public int Count => Labels.Count;

    /// <summary>The labels, on the host.</summary>
    public IReadOnlyList<int> Labels { get; }

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
