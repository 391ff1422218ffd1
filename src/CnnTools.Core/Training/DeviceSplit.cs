using CnnTools.Augmentation;
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
    private readonly PixelTransform _pixels;

    public DeviceSplit(IBackend backend, ImageSet images, Normalization normalization, Device device)
    {
        _backend = backend;
        Labels = images.Labels;
        _images = backend.FromBytes(images.Pixels, images.ImageShape.WithBatch(images.Count), device);
        _labels = backend.FromIndices([.. images.Labels.Select(label => (long)label)], device);
        _pixels = new(backend, normalization, images.ImageShape, device);
    }

    public int Count => Labels.Count;

    /// <summary>The labels, on the host.</summary>
    public IReadOnlyList<int> Labels { get; }

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
