using CnnTools.Backends;

namespace CnnTools.LibTorch;

/// <summary>A random generator of libtorch's; its state is what PyTorch's get_state gives.</summary>
internal sealed class LibTorchGenerator(GeneratorHandle handle) : IGenerator
{
    internal GeneratorHandle Handle => !handle.IsClosed
        ? handle
        : throw Errors.InvalidHandle("Generator", "the generator was disposed");

    public byte[] GetState()
    {
        NativeStatus.Check(NativeMethods.GetGeneratorState(Handle, [], 0, out long length), nameof(GetState));
        byte[] state = new byte[length];
        NativeStatus.Check(NativeMethods.GetGeneratorState(Handle, state, length, out _), nameof(GetState));
        return state;
    }

    public void SetState(ReadOnlySpan<byte> state) =>
        NativeStatus.Check(NativeMethods.SetGeneratorState(Handle, state, state.Length), nameof(SetState));

    public void Dispose() => handle.Dispose();
}
