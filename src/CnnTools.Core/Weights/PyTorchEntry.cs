using Microsoft.Win32.SafeHandles;

namespace CnnTools.Weights;

/// <summary>One tensor of an open PyTorch file: a view of its storage, which need not be contiguous.</summary>
public sealed class PyTorchEntry : IWeightEntry
{
    private readonly PyTorchTensor _tensor;
    private readonly StoredValues _stored;

    /// <param name="storage">Where the storage begins in the file.</param>
    internal PyTorchEntry(string path, SafeFileHandle file, string name, PyTorchTensor tensor, long storage)
    {
        Name = name;
        _tensor = tensor;
        _stored = new(file, path, PyTorchFile.Format, name, Type, storage + (tensor.Offset * Type.Size()), tensor.Reach);
    }

    public string Name { get; }

    public SafetensorsType Type => _tensor.Storage.Type;

    public IReadOnlyList<long> Shape => _tensor.Shape;

    public long Count => _tensor.Count;

    public float[] ReadFloats() => Arrange(_stored.ReadFloats());

    public long[] ReadInt64s() => Arrange(_stored.ReadInt64s());

    public override string ToString() => $"{Name} {Type} [{string.Join(", ", Shape)}]";

    /// <summary>Puts values in the order of the storage into that of the tensor, row by row.</summary>
    private T[] Arrange<T>(T[] stored)
    {
        (long[] shape, long[] strides) = (_tensor.Shape, _tensor.Strides);
        if (IsContiguous(shape, strides))
        {
            return stored;
        }

        T[] values = new T[Count];
        long[] index = new long[shape.Length];
        long at = 0;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = stored[at];
            for (int d = shape.Length - 1; d >= 0; d--)
            {
                at += strides[d];
                if (++index[d] < shape[d])
                {
                    break;
                }

                at -= strides[d] * shape[d];
                index[d] = 0;
            }
        }

        return values;
    }

    private static bool IsContiguous(long[] shape, long[] strides)
    {
        long expected = 1;
        for (int d = shape.Length - 1; d >= 0; d--)
        {
            if (shape[d] != 1 && strides[d] != expected)
            {
                return shape.Contains(0);
            }

            expected *= shape[d];
        }

        return true;
    }
}
