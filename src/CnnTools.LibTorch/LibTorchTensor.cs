using CnnTools.Backends;

namespace CnnTools.LibTorch;

/// <summary>A tensor of libtorch's. Sizes, element type and device are asked for once, when first needed.</summary>
internal sealed class LibTorchTensor(TensorHandle handle) : Tensor
{
    private const int MaxDimensions = 8;

    private long[]? _sizes;
    private ElementType _elementType;
    private Device _device;

    public override IReadOnlyList<long> Sizes => _sizes ?? Describe();

    public override ElementType ElementType
    {
        get
        {
            _ = _sizes ?? Describe();
            return _elementType;
        }
    }

    public override Device Device
    {
        get
        {
            _ = _sizes ?? Describe();
            return _device;
        }
    }

    internal TensorHandle Handle => handle;

    /// <summary>The scope that frees this tensor; null where its holder does.</summary>
    internal TensorScope? Scope { get; set; }

    /// <summary>Leaves the tensor to its holder and, should that forget it, to the garbage collector.</summary>
    internal void Release()
    {
        Scope = null;
        int elementBytes = ElementType switch
        {
            ElementType.UInt8 => sizeof(byte),
            ElementType.BFloat16 => sizeof(ushort),
            ElementType.Int64 => sizeof(long),
            _ => sizeof(float),
        };
        handle.AddPressure(Count * elementBytes);
    }

    protected override void Dispose(bool disposing) => handle.Dispose();

    private long[] Describe()
    {
        if (handle.IsClosed)
        {
            throw Errors.InvalidHandle("Sizes", "the tensor was disposed");
        }

        Span<long> sizes = stackalloc long[MaxDimensions];
        NativeStatus.Check(
            NativeMethods.TensorInfo(handle, sizes, out int dims, out int type, out int device, out int index), "Sizes");
        _elementType = (ElementType)type;
        _device = new Device((DeviceType)device, index);
        return _sizes = sizes[..dims].ToArray();
    }
}
