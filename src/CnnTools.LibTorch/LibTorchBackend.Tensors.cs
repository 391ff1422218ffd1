using CnnTools.Backends;

namespace CnnTools.LibTorch;

// Making, moving and reading tensors; data that lives on the device; random generators.
public sealed partial class LibTorchBackend
{
    public Tensor FromFloats(ReadOnlySpan<float> values, ReadOnlySpan<long> sizes, Device device)
    {
        CheckCount(nameof(FromFloats), values.Length, sizes);
        int status = NativeMethods.FromFloats(
            values, sizes, sizes.Length, (int)device.Type, device.Index, out TensorHandle result);
        return Result(status, result);
    }

    public Tensor FromBytes(ReadOnlySpan<byte> values, ReadOnlySpan<long> sizes, Device device)
    {
        CheckCount(nameof(FromBytes), values.Length, sizes);
        int status = NativeMethods.FromBytes(
            values, sizes, sizes.Length, (int)device.Type, device.Index, out TensorHandle result);
        return Result(status, result);
    }

    public Tensor FromIndices(ReadOnlySpan<long> values, Device device)
    {
        int status = NativeMethods.FromIndices(
            values, values.Length, (int)device.Type, device.Index, out TensorHandle result);
        return Result(status, result);
    }

    public Tensor Zeros(ReadOnlySpan<long> sizes, Device device) =>
        Result(NativeMethods.Zeros(sizes, sizes.Length, (int)device.Type, device.Index, out TensorHandle result), result);

    public Tensor Copy(Tensor source, Device device, MemoryLayout layout = MemoryLayout.Contiguous)
    {
        int status = NativeMethods.Copy(
            In(source), (int)device.Type, device.Index, (int)layout, out TensorHandle result);
        return Result(status, result);
    }

    public void Read(Tensor source, Span<float> destination) =>
        Check(NativeMethods.Read(In(source), destination, destination.Length));

    public float ReadScalar(Tensor source)
    {
        Check(NativeMethods.ReadScalar(In(source), out float value));
        return value;
    }

    public void Write(Tensor destination, ReadOnlySpan<float> values) =>
        Check(NativeMethods.Write(In(destination), values, values.Length));

    public Tensor GatherImages(Tensor images, ReadOnlySpan<long> indices, Tensor lookup, MemoryLayout layout)
    {
        int status = NativeMethods.GatherImages(
            In(images), indices, indices.Length, In(lookup), (int)layout, out TensorHandle result);
        return Result(status, result);
    }

    public Tensor GatherLabels(Tensor labels, ReadOnlySpan<long> indices) =>
        Result(NativeMethods.GatherLabels(In(labels), indices, indices.Length, out TensorHandle result), result);

    public Tensor SelectRows(Tensor input, ReadOnlySpan<long> indices) =>
        Result(NativeMethods.SelectRows(In(input), indices, indices.Length, out TensorHandle result), result);

    public IGenerator CreateGenerator(Device device, ulong seed)
    {
        Check(NativeMethods.CreateGenerator((int)device.Type, device.Index, seed, out GeneratorHandle handle));
        return new LibTorchGenerator(handle);
    }

    // The native side only sees where the values begin.
    private static void CheckCount(string operation, int count, ReadOnlySpan<long> sizes)
    {
        long wanted = 1;
        foreach (long size in sizes)
        {
            wanted = checked(wanted * size);
        }

        if (count != wanted)
        {
            throw Errors.BackendFailed(
                operation, $"{count} values were given for sizes ({string.Join(", ", sizes.ToArray())})");
        }
    }
}
