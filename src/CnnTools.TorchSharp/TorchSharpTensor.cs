using CnnTools.Backends;
using TorchSharp;
using DeviceType = CnnTools.Backends.DeviceType;

namespace CnnTools.TorchSharp;

/// <summary>A tensor of TorchSharp's. Sizes, element type and device are asked for once, when first needed.</summary>
internal sealed class TorchSharpTensor(torch.Tensor inner) : Tensor
{
    private long[]? _sizes;
    private ElementType? _elementType;
    private MemoryPressure? _pressure;

    public override IReadOnlyList<long> Sizes => Shape;

    internal long[] Shape => _sizes ??= Alive.shape;

    public override ElementType ElementType => _elementType ??= Alive.dtype switch
    {
        torch.ScalarType.Float32 => ElementType.Float32,
        torch.ScalarType.Byte => ElementType.UInt8,
        torch.ScalarType.Int64 => ElementType.Int64,
        torch.ScalarType.BFloat16 => ElementType.BFloat16,
        torch.ScalarType other => throw Errors.BackendFailed(nameof(ElementType), $"a tensor of {other}"),
    };

    public override Device Device => Alive.device_type == global::TorchSharp.DeviceType.CUDA
        ? new(DeviceType.Cuda, Alive.device_index)
        : Device.Cpu;

    internal torch.Tensor Inner => inner;

    /// <summary>Whether the gradient of this inner tensor is kept; to ask libtorch for one that is not makes it warn.</summary>
    internal bool KeepsGradient { get; set; }

    private torch.Tensor Alive => inner.IsInvalid ? throw Errors.InvalidHandle(nameof(Sizes), "the tensor was disposed") : inner;

    /// <summary>Takes the tensor out of its scope: it is its holder's and, should that forget it, the garbage collector's.</summary>
    internal void Release()
    {
        inner.DetachFromDisposeScope();
        _pressure ??= new(inner.NumberOfElements * inner.ElementSize);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _pressure?.Dispose();
        }
    }
}
