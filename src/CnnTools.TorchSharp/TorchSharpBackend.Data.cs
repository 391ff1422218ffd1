using System.Runtime.CompilerServices;
using CnnTools.Backends;
using TorchSharp;

namespace CnnTools.TorchSharp;

// Batches from data that lives on the device.
public sealed partial class TorchSharpBackend
{
    private const int Levels = 256;

    public Tensor GatherImages(Tensor images, ReadOnlySpan<long> indices, Tensor lookup, MemoryLayout layout)
    {
        (torch.Tensor all, torch.Tensor table) = (In(images), In(lookup));
        Require(
            all.dtype == torch.ScalarType.Byte && all.ndim == ImageRank && all.is_contiguous(),
            "images must be uint8 (M, C, H, W) and contiguous");
        Require(
            table.dtype == torch.ScalarType.Float32 && table.is_contiguous() && table.ndim == 2
                && table.size(0) == all.size(1) && table.size(1) == Levels && table.device_type == all.device_type,
            $"the lookup must be float32 ({all.size(1)}, {Levels}) on the images' device, it is ({string.Join(", ", table.shape)})");
        long[] chosen = Indices(indices, all.size(0), nameof(GatherImages));
        return Composed(numbers =>
        {
            torch.Tensor batch = all.index_select(0, torch.tensor(chosen).to(all.device));
            return batch.is_cpu() ? Lookup(batch, table, layout) : LookupOnDevice(batch, table, layout, numbers);
        });
    }

    public Tensor GatherLabels(Tensor labels, ReadOnlySpan<long> indices)
    {
        torch.Tensor all = In(labels);
        Require(all.dtype == torch.ScalarType.Int64 && all.ndim == 1, "labels must be int64 with one dimension");
        long[] chosen = Indices(indices, all.size(0), nameof(GatherLabels));
        return Composed(_ => all.index_select(0, torch.tensor(chosen).to(all.device)));
    }

    public Tensor SelectRows(Tensor input, ReadOnlySpan<long> indices)
    {
        torch.Tensor all = In(input);
        Require(all.ndim >= 1, "a scalar has no rows");
        long[] chosen = Indices(indices, all.size(0), nameof(SelectRows));
        return Composed(_ => WithLayout(all.index_select(0, torch.tensor(chosen).to(all.device)), LayoutOf(all)));
    }

    /// <summary>One pass over the bytes of the batch.</summary>
    private static torch.Tensor Lookup(torch.Tensor bytes, torch.Tensor table, MemoryLayout layout)
    {
        long[] sizes = bytes.shape;
        torch.Tensor batch = torch.empty(layout == MemoryLayout.ChannelsLast ? [sizes[0], sizes[2], sizes[3], sizes[1]] : sizes);
        ByteLookup.Apply(
            TensorMemory.ValuesOf<byte>(bytes), TensorMemory.ValuesOf<float>(table), (int)(sizes[2] * sizes[3]), layout,
            TensorMemory.ValuesOf<float>(batch));
        return layout == MemoryLayout.ChannelsLast ? batch.permute(ChannelsBefore) : batch;
    }

    /// <summary>The same values on any device: each byte becomes its place in the flattened lookup.</summary>
    private static torch.Tensor LookupOnDevice(torch.Tensor bytes, torch.Tensor table, MemoryLayout layout, Numbers numbers)
    {
        torch.Tensor rows = Range(bytes.size(1), bytes.device, numbers).mul_(numbers[(long)Levels]).view(1, -1, 1, 1);
        return WithLayout(table.take(bytes.to(torch.ScalarType.Int64).add_(rows)), layout);
    }

    /// <summary>0, 1, 2 and so on, int64.</summary>
    private static torch.Tensor Range(long count, torch.Device device, Numbers numbers) =>
        torch.arange(numbers[0L], numbers[count], numbers[1L], torch.ScalarType.Int64, device);

    private static long[] Indices(ReadOnlySpan<long> indices, long limit, [CallerMemberName] string operation = "")
    {
        foreach (long index in indices)
        {
            Require(index >= 0 && index < limit, $"index {index} is out of range: there are {limit} items", operation);
        }

        return indices.ToArray();
    }
}
