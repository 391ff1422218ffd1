using CnnTools.Backends;
using TorchSharp;

namespace CnnTools.TorchSharp;

/// <summary>
/// A dispose scope of TorchSharp's and the thread's gradient recording. A thread's scopes form a stack: disposing one below
/// the top closes those above it first, and closing twice does nothing, so the order of disposal does not matter.
/// </summary>
internal sealed class TensorScope : ITensorScope
{
    [ThreadStatic]
    private static TensorScope? _top;

    private readonly DisposeScope _tensors;
    private readonly IDisposable _recording;
    private readonly TensorScope? _below;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private bool _closed;

    internal TensorScope(bool recordGradients)
    {
        _recording = torch.set_grad_enabled(recordGradients);
        _tensors = torch.NewDisposeScope();
        _below = _top;
        _top = this;
    }

    /// <summary>A new tensor, which is this thread's top scope's; without one it is its holder's.</summary>
    internal static TorchSharpTensor Adopt(torch.Tensor made)
    {
        TorchSharpTensor tensor = new(made);
        if (_top is null)
        {
            tensor.Release();
        }

        return tensor;
    }

    public Tensor Keep(Tensor tensor)
    {
        if (tensor is not TorchSharpTensor { Inner.IsInvalid: false } own)
        {
            throw Errors.InvalidHandle("Keep", "the tensor was disposed or is not one of TorchSharp's");
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
        try
        {
            _tensors.Dispose();
        }
        finally
        {
            _recording.Dispose();
        }
    }
}
