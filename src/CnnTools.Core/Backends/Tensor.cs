namespace CnnTools.Backends;

/// <summary>The element types that the product uses.</summary>
public enum ElementType
{
    Float32 = 0,
    UInt8 = 1,
    Int64 = 2,

    /// <summary>What mixed precision leaves between layers.</summary>
    BFloat16 = 3,
}

/// <summary>How the values of an image batch lie in memory; the values are the same.</summary>
public enum MemoryLayout
{
    /// <summary>(N, C, H, W), the last dimension fastest.</summary>
    Contiguous = 0,

    /// <summary>(N, H, W, C) in memory under the same (N, C, H, W) indices.</summary>
    ChannelsLast = 1,
}

/// <summary>
/// An opaque handle to values that live on a device. A tensor made inside an <see cref="ITensorScope"/> is freed with
/// it; any other is freed by <see cref="IDisposable.Dispose"/>, or at last by the garbage collector.
/// </summary>
public abstract class Tensor : IDisposable
{
    /// <summary>All sizes, the batch included.</summary>
    public abstract IReadOnlyList<long> Sizes { get; }

    public abstract ElementType ElementType { get; }

    public abstract Device Device { get; }

    public long Count
    {
        get
        {
            long count = 1;
            foreach (long size in Sizes)
            {
                count *= size;
            }

            return count;
        }
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
