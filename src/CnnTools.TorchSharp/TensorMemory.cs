using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace CnnTools.TorchSharp;

/// <summary>The values of contiguous tensors on the CPU, copied in and out; TorchSharp shows no more than 2 GiB at once.</summary>
internal static class TensorMemory
{
    private const int MostBytes = 1 << 30;

    internal static void Write<T>(torch.Tensor destination, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        using torch.Tensor flat = destination.view(-1);
        int step = MostBytes / Unsafe.SizeOf<T>();
        for (int start = 0; start < values.Length; start += step)
        {
            ReadOnlySpan<T> part = values.Slice(start, Math.Min(step, values.Length - start));
            using torch.Tensor place = flat.narrow(0, start, part.Length);
            part.CopyTo(ValuesOf<T>(place));
        }
    }

    internal static void Read<T>(torch.Tensor source, Span<T> values)
        where T : unmanaged
    {
        using torch.Tensor flat = source.view(-1);
        int step = MostBytes / Unsafe.SizeOf<T>();
        for (int start = 0; start < values.Length; start += step)
        {
            Span<T> part = values.Slice(start, Math.Min(step, values.Length - start));
            using torch.Tensor place = flat.narrow(0, start, part.Length);
            ValuesOf<T>(place).CopyTo(part);
        }
    }

    /// <summary>Whether <see cref="ValuesOf"/> can show a tensor of the CPU.</summary>
    internal static bool IsShown(torch.Tensor tensor) =>
        tensor.is_contiguous() && tensor.NumberOfElements * tensor.ElementSize <= MostBytes;

    /// <summary>The memory itself, as long as the tensor lives.</summary>
    internal static Span<T> ValuesOf<T>(torch.Tensor tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.bytes);
}
