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

    public void SetState(ReadOnlySpan<byte> state)
    {
        // libtorch would take a damaged state of this kind, and read behind its words.
        if (state.Length == MersenneTwisterState.Length && !MersenneTwisterState.IsValid(state))
        {
            throw Errors.BackendFailed(nameof(SetState), "the bytes are no state of a generator");
        }

        NativeStatus.Check(NativeMethods.SetGeneratorState(Handle, state, state.Length), nameof(SetState));
    }

    public void Dispose() => handle.Dispose();
}
