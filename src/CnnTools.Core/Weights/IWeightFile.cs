namespace CnnTools.Weights;

/// <summary>A file of named tensors that is open for reading; dispose it after the last tensor is read.</summary>
public interface IWeightFile : IDisposable
{
    /// <summary>As it was given.</summary>
    string Path { get; }

    IReadOnlyList<IWeightEntry> Tensors { get; }

    /// <summary>The tensor of that name, or null.</summary>
    IWeightEntry? Find(string name);
}

/// <summary>One tensor of an open file. The values are row by row, and read when they are asked for.</summary>
public interface IWeightEntry
{
    string Name { get; }

    SafetensorsType Type { get; }

    /// <summary>Empty for a scalar.</summary>
    IReadOnlyList<long> Shape { get; }

    /// <summary>The number of values.</summary>
    long Count { get; }

    /// <summary>The values of F32, F16, BF16 or F64 as single precision, rounded to nearest.</summary>
    /// <exception cref="CnnException">It is of another type, cannot be read, or is too large for one array.</exception>
    float[] ReadFloats();

    /// <summary>The values of I64, I32, I16, I8, U32, U16, U8 or BOOL.</summary>
    /// <exception cref="CnnException">It is of another type, cannot be read, or is too large for one array.</exception>
    long[] ReadInt64s();
}
