using CnnTools.Augmentation;
using CnnTools.Backends;
using CnnTools.Data;

namespace CnnTools.Training;

/// <summary>From bytes on a device to what a network sees there: augmented, where that is asked for, normalised and whitened.</summary>
public sealed class PixelTransform : IDisposable
{
    private readonly IBackend _backend;
    private readonly Tensor _lookup;
    private readonly Tensor? _offsets;
    private readonly Tensor? _whitening;

    /// <param name="images">The shape of the images (C, H, W).</param>
    public PixelTransform(IBackend backend, Normalization normalization, Shape images, Device device)
    {
        _backend = backend;
        _lookup = backend.FromFloats(normalization.ToLookup(images.Channels), [images.Channels, 256], device);
        float[] offsets = normalization.ToOffsets(images.Channels);
        _offsets = offsets.Length == 0 ? null : backend.FromFloats(offsets, images.WithBatch(1), device);
        _whitening = normalization.Whitening is { } whitening ? backend.FromFloats(whitening.Map, [images.Count, images.Count], device) : null;
    }

    /// <summary>Images by index as a float32 batch (N, C, H, W), made in the caller's scope.</summary>
    /// <param name="from">(M, C, H, W; uint8), on the device.</param>
    public Tensor Gather(Tensor from, ReadOnlySpan<long> indices, MemoryLayout layout, BatchAugmentation? augmentation = null)
    {
        if (augmentation is null)
        {
            return Whiten(Normalize(from, indices, layout), layout);
        }

        AugmentedBatch batch = augmentation.Gather(_backend, from, indices);
        Tensor normalized = Normalize(batch.Pixels, AugmentedBatch.Consecutive(batch.Count), layout);
        batch.Finish(normalized);
        return Whiten(normalized, layout);
    }

    public void Dispose()
    {
        _lookup.Dispose();
        _offsets?.Dispose();
        _whitening?.Dispose();
    }

    private Tensor Normalize(Tensor from, ReadOnlySpan<long> indices, MemoryLayout layout)
    {
        Tensor batch = _backend.GatherImages(from, indices, _lookup, layout);
        return _offsets is null ? batch : _backend.Add(batch, _offsets);
    }

    private Tensor Whiten(Tensor batch, MemoryLayout layout)
    {
        if (_whitening is null)
        {
            return batch;
        }

        Tensor whitened = _backend.Reshape(_backend.Linear(_backend.Flatten(batch), _whitening, bias: null), [.. batch.Sizes]);
        return layout == MemoryLayout.Contiguous ? whitened : _backend.Copy(whitened, batch.Device, layout);
    }
}
