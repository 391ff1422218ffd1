using CnnTools.Augmentation;
using CnnTools.Backends;
using CnnTools.Data;

namespace CnnTools.Training;

/// <summary>A batch on its way to the device.</summary>
/// <param name="Indices">Its images in the split.</param>
/// <param name="Pixels">(N, C, H, W), where they are not on the device already; another batch's once the next is asked for.</param>
/// <param name="Offset">Which image of the pixels is its first.</param>
public sealed record Batch(ReadOnlyMemory<long> Indices, byte[]? Pixels = null, int Offset = 0)
{
    public int Count => Indices.Length;

    /// <summary>Some of its images.</summary>
    public Batch Slice(int start, int count) =>
        count == Count ? this : new(Indices.Slice(start, count), Pixels, Offset + start);
}

/// <summary>A split that gives batches: what comes does not depend on where its images are.</summary>
public interface IBatchSource : IDisposable
{
    int Count { get; }

    /// <summary>The labels, on the host.</summary>
    IReadOnlyList<int> Labels { get; }

    /// <summary>How the decoding goes; null where nothing is decoded.</summary>
    DecodeRate? Decoding { get; }

    /// <summary>The batches of images in an order, the last perhaps smaller. It ends early where it is stopped.</summary>
    /// <param name="first">The batch to begin with.</param>
    /// <exception cref="CnnException">An image's file is gone, broken, or another than when the split was opened.</exception>
    IEnumerable<Batch> Read(ReadOnlyMemory<long> order, int batchSize, int first, CancellationToken stop);

    /// <summary>Normalised images (N, C, H, W) and labels (N) on the device, made in the caller's scope.</summary>
    /// <param name="augmentation">What is done to the images on their way; null leaves them as they are.</param>
    (Tensor Images, Tensor Labels) Load(Batch batch, MemoryLayout layout, BatchAugmentation? augmentation = null);

    /// <summary>Resident or streamed, as the images are.</summary>
    static IBatchSource Open(IBackend backend, ImageSet images, Normalization normalization, Device device) =>
        images.IsStreamed
            ? new StreamedSplit(backend, images, normalization, device, Environment.ProcessorCount)
            : new ResidentSplit(backend, images, normalization, device);
}
