using CnnTools.Backends;

namespace CnnTools.LibTorch;

/// <summary>
/// A thread's scopes form a stack. A new tensor belongs to the top one; disposing a scope frees its tensors and sets
/// the thread's gradient recording back. Disposing one below the top closes those above it first; closing twice does
/// nothing, so the order of disposal does not matter.
/// </summary>
internal sealed class TensorScope : ITensorScope
{
    [ThreadStatic]
    private static TensorScope? _top;

    private readonly List<LibTorchTensor> _tensors = [];
    private readonly TensorScope? _below;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly int _recordedBefore;
    private bool _closed;

    internal TensorScope(bool recordGradients)
    {
        NativeStatus.Check(NativeMethods.SetGradEnabled(recordGradients ? 1 : 0, out _recordedBefore), "BeginScope");
        _below = _top;
        _top = this;
    }

    /// <summary>Gives a new tensor to this thread's top scope; without one it is its holder's.</summary>
    internal static void Adopt(LibTorchTensor tensor)
    {
        if (_top is { } scope)
        {
            tensor.Scope = scope;
            scope._tensors.Add(tensor);
        }
        else
        {
            tensor.Release();
        }
    }

    public Tensor Keep(Tensor tensor)
    {
        if (tensor is not LibTorchTensor { Handle.IsClosed: false } own)
        {
            throw Errors.InvalidHandle("Keep", "the tensor was disposed or is not one of libtorch's");
        }

        own.Release();
        return own;
    }

    public void Dispose()
    {
        if (_closed)
        {
            return;
        }

        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw Errors.BackendFailed("Disposing a scope", "it belongs to the thread that opened it, and this is another");
        }

        while (!_closed)
        {
            _top!.Close();
        }
    }

    private void Close()
    {
        _closed = true;
        _top = _below;
        foreach (LibTorchTensor tensor in _tensors)
        {
            if (tensor.Scope == this)
            {
                tensor.Dispose();
            }
        }

        _tensors.Clear();
        NativeStatus.Check(NativeMethods.SetGradEnabled(_recordedBefore, out _), "EndScope");
    }
}
