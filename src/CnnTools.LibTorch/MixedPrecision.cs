using CnnTools.Backends;

namespace CnnTools.LibTorch;

/// <summary>libtorch's autocast to bfloat16, on this thread until it is disposed.</summary>
internal sealed class MixedPrecision : IDisposable
{
    private readonly Device _device;
    private readonly int _before;

    internal MixedPrecision(Device device)
    {
        _device = device;
        NativeStatus.Check(Set(1, out _before), "BeginMixedPrecision");
    }

    public void Dispose() => NativeStatus.Check(Set(_before, out _), "EndMixedPrecision");

    private int Set(int enabled, out int before) =>
        NativeMethods.SetAutocast((int)_device.Type, _device.Index, enabled, out before);
}
