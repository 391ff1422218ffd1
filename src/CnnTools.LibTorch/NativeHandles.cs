using System.Runtime.InteropServices;

namespace CnnTools.LibTorch;

/// <summary>
/// Owns an entry in the native handle table. Freed by Dispose or by the finalizer; the native side takes both from any
/// thread and knows a freed id again, so a late use is an error and not a crash.
/// </summary>
internal abstract class NativeHandle() : SafeHandle(invalidHandleValue: 0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => NativeMethods.Free(handle) == 0;
}

internal sealed class GeneratorHandle : NativeHandle;

internal sealed class TensorHandle : NativeHandle
{
    private long _pressure;

    /// <summary>Stands for a tensor that is not given.</summary>
    internal static TensorHandle None { get; } = new();

    /// <summary>The id, for passing lists; what owns the handle must be kept alive over the call.</summary>
    internal nint Id => handle;

    /// <summary>
    /// Tells the garbage collector what hangs on this small object. Only for tensors that it may have to free: those
    /// in a scope are freed without it.
    /// </summary>
    internal void AddPressure(long bytes)
    {
        if (bytes > 0 && _pressure == 0)
        {
            _pressure = bytes;
            GC.AddMemoryPressure(bytes);
        }
    }

    protected override bool ReleaseHandle()
    {
        if (_pressure > 0)
        {
            GC.RemoveMemoryPressure(_pressure);
        }

        return base.ReleaseHandle();
    }
}
