using CnnTools.Backends;
using TorchSharp;

namespace CnnTools.TorchSharp;

/// <summary>A random generator of libtorch's, of the CPU's kind for every device; its state is what PyTorch's get_state gives.</summary>
internal sealed class TorchSharpGenerator : IGenerator
{
    private static long _live;
    private torch.Generator? _inner;

    internal TorchSharpGenerator(torch.Generator inner)
    {
        _inner = inner;
        _ = Interlocked.Increment(ref _live);
    }

    ~TorchSharpGenerator() => Free();

    internal static long Live => Interlocked.Read(ref _live);

    internal torch.Generator Inner => _inner ?? throw Errors.InvalidHandle("Generator", "the generator was disposed");

    public byte[] GetState()
    {
        using torch.Tensor state = Inner.get_state();
        GC.KeepAlive(this);
        return state.bytes.ToArray();
    }

    public void SetState(ReadOnlySpan<byte> state)
    {
        // TorchSharp lets what libtorch throws here end the process.
        if (!MersenneTwisterState.IsValid(state))
        {
            throw Errors.BackendFailed(nameof(SetState), $"{state.Length} bytes are no state of a generator");
        }

        using torch.Tensor bytes = torch.empty([state.Length], torch.ScalarType.Byte);
        state.CopyTo(bytes.bytes);
        Inner.set_state(bytes);
        GC.KeepAlive(this);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (Interlocked.Exchange(ref _inner, null) is { } inner)
        {
            inner.Dispose();
            _ = Interlocked.Decrement(ref _live);
        }
    }
}
