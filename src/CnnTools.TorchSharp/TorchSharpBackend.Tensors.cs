using System.Runtime.CompilerServices;
using CnnTools.Backends;
using TorchSharp;

namespace CnnTools.TorchSharp;

// Making, moving and reading tensors; random generators.
public sealed partial class TorchSharpBackend
{
    private const int ImageRank = 4;
    private static readonly long[] ChannelsBehind = [0, 2, 3, 1];
    private static readonly long[] ChannelsBefore = [0, 3, 1, 2];

    public Tensor FromFloats(ReadOnlySpan<float> values, ReadOnlySpan<long> sizes, Device device) =>
        FromValues(values, sizes, torch.ScalarType.Float32, device);

    public Tensor FromBytes(ReadOnlySpan<byte> values, ReadOnlySpan<long> sizes, Device device) =>
        FromValues(values, sizes, torch.ScalarType.Byte, device);

    public Tensor FromIndices(ReadOnlySpan<long> values, Device device) =>
        FromValues(values, [values.Length], torch.ScalarType.Int64, device);

    public Tensor Zeros(ReadOnlySpan<long> sizes, Device device)
    {
        _ = CountOf(sizes, nameof(Zeros));
        long[] shape = sizes.ToArray();
        torch.Device place = Place(device, nameof(Zeros));
        return Result(() => torch.zeros(shape, torch.ScalarType.Float32, place));
    }

    public Tensor Copy(Tensor source, Device device, MemoryLayout layout = MemoryLayout.Contiguous)
    {
        torch.Tensor from = In(source);
        torch.Device place = Place(device, nameof(Copy));
        return Composed(_ => WithLayout(from.detach().to(place), layout).clone());
    }

    public void Read(Tensor source, Span<float> destination)
    {
        torch.Tensor from = In(source);
        RequireFloats(from, destination.Length, nameof(Read));
        using torch.Tensor values = Run(() =>
        {
            using DisposeScope between = torch.NewDisposeScope();
            return from.detach().cpu().contiguous().MoveToOuterDisposeScope();
        });
        TensorMemory.Read(values, destination);
    }

    public float ReadScalar(Tensor source)
    {
        torch.Tensor from = In(source);
        RequireFloats(from, 1, nameof(ReadScalar));
        return Run(() =>
        {
            using DisposeScope between = torch.NewDisposeScope();
            return from.item<float>();
        });
    }

    public void Write(Tensor destination, ReadOnlySpan<float> values)
    {
        torch.Tensor to = In(destination);
        RequireFloats(to, values.Length, nameof(Write));
        using torch.Tensor from = Run(() => torch.empty(to.shape));
        TensorMemory.Write(from, values);
        Update(_ => to.copy_(from));
    }

    public IGenerator CreateGenerator(Device device, ulong seed)
    {
        // TorchSharp has generators of the CPU only; what they draw is moved to the device.
        _ = Place(device, nameof(CreateGenerator));
        return Run(() => new TorchSharpGenerator(new torch.Generator(seed)));
    }

    private static TorchSharpTensor FromValues<T>(
        ReadOnlySpan<T> values, ReadOnlySpan<long> sizes, torch.ScalarType type, Device device, [CallerMemberName] string operation = "")
        where T : unmanaged
    {
        CheckCount(operation, values.Length, sizes);
        torch.Device place = Place(device, operation);
        long[] shape = sizes.ToArray();
        TorchSharpTensor made = Result(() => torch.empty(shape, type), operation);
        TensorMemory.Write(made.Inner, values);
        if (device == Device.Cpu)
        {
            return made;
        }

        using (made)
        {
            return Result(() => made.Inner.to(place), operation);
        }
    }

    /// <summary>The same values; those of images (N, C, H, W) in this order in memory.</summary>
    private static torch.Tensor WithLayout(torch.Tensor tensor, MemoryLayout layout) =>
        layout == MemoryLayout.ChannelsLast && tensor.ndim == ImageRank
            ? tensor.permute(ChannelsBehind).contiguous().permute(ChannelsBefore)
            : tensor.contiguous();

    private static MemoryLayout LayoutOf(torch.Tensor tensor)
    {
        if (tensor.ndim != ImageRank || tensor.is_contiguous())
        {
            return MemoryLayout.Contiguous;
        }

        using torch.Tensor permuted = tensor.permute(ChannelsBehind);
        return permuted.is_contiguous() ? MemoryLayout.ChannelsLast : MemoryLayout.Contiguous;
    }

    private static void RequireFloats(torch.Tensor tensor, long count, string operation)
    {
        Require(tensor.dtype == torch.ScalarType.Float32, $"the tensor holds {tensor.dtype}, not float32", operation);
        Require(tensor.NumberOfElements == count, $"the tensor has {tensor.NumberOfElements} values, not {count}", operation);
    }

    private static void CheckCount(string operation, long count, ReadOnlySpan<long> sizes) =>
        Require(
            CountOf(sizes, operation) == count, $"{count} values were given for sizes ({string.Join(", ", sizes.ToArray())})", operation);

    private static long CountOf(ReadOnlySpan<long> sizes, string operation)
    {
        long count = 1;
        try
        {
            foreach (long size in sizes)
            {
                Require(size >= 0, $"a negative size: ({string.Join(", ", sizes.ToArray())})", operation);
                count = checked(count * size);
            }

            // Of the widest element.
            _ = checked(count * sizeof(long));
        }
        catch (OverflowException)
        {
            throw Errors.OutOfMemory(operation, $"no memory holds a tensor of ({string.Join(", ", sizes.ToArray())})");
        }

        return count;
    }
}
