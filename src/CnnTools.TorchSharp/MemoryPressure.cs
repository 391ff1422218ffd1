namespace CnnTools.TorchSharp;

/// <summary>
/// Tells the garbage collector what hangs on a small object. Only for tensors that it may have to free: those in a scope
/// are freed without it.
/// </summary>
internal sealed class MemoryPressure : IDisposable
{
    private long _bytes;

    internal MemoryPressure(long bytes)
    {
        _bytes = bytes;
        if (bytes > 0)
        {
            GC.AddMemoryPressure(bytes);
        }
    }

    ~MemoryPressure() => Remove();

    public void Dispose()
    {
        Remove();
        GC.SuppressFinalize(this);
    }

    private void Remove()
    {
        long bytes = Interlocked.Exchange(ref _bytes, 0);
        if (bytes > 0)
        {
            GC.RemoveMemoryPressure(bytes);
        }
    }
}
