using CnnTools.Augmentation;
using CnnTools.Backends;
using CnnTools.Data;

namespace CnnTools.Training;

/// <summary>From bytes on a device to what a network sees there: augmented, where that is asked for, and normalised.</summary>
/// <param name="images">The shape of the images (C, H, W).</param>
public sealed class PixelTransform(IBackend backend, Normalization normalization, Shape images, Device device) : IDisposable
{
    private readonly Tensor _lookup = backend.FromFloats(normalization.ToLookup(images.Channels), [images.Channels, 256], device);

    /// <summary>Images by index as a float32 batch (N, C, H, W), made in the caller's scope.</summary>
    /// <param name="from">(M, C, H, W; uint8), on the device.</param>
    public Tensor Gather(Tensor from, ReadOnlySpan<long> indices, MemoryLayout layout, BatchAugmentation? augmentation = null)
    {
        if (augmentation is null)
        {
            return backend.GatherImages(from, indices, _lookup, layout);
        }

        AugmentedBatch batch = augmentation.Gather(backend, from, indices);
        Tensor normalized = backend.GatherImages(batch.Pixels, AugmentedBatch.Consecutive(batch.Count), _lookup, layout);
        batch.Finish(normalized);
        return normalized;
    }

    public void Dispose() => _lookup.Dispose();
}
