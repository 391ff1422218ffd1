using Microsoft.Win32.SafeHandles;

namespace CnnTools.Weights;

/// <summary>One tensor of an open safetensors file. The values are row by row.</summary>
public sealed class SafetensorsEntry : IWeightEntry
{
    private readonly StoredValues _values;

    internal SafetensorsEntry(string path, SafeFileHandle file, SafetensorsRange range, long offset)
    {
        _values = new(file, path, SafetensorsFile.Format, range.Name, range.Type, offset, range.Count);
        Name = range.Name;
        Type = range.Type;
        Shape = range.Shape;
        Count = range.Count;
        ByteLength = range.End - range.Begin;
    }

    public string Name { get; }

    public SafetensorsType Type { get; }

    public IReadOnlyList<long> Shape { get; }

    public long Count { get; }

    public long ByteLength { get; }

    /// <summary>The bytes as they stand in the file, little-endian.</summary>
    /// <exception cref="CnnException">They cannot be read, or are too many for one array.</exception>
    public byte[] ReadBytes() => _values.ReadBytes();

    public float[] ReadFloats() => _values.ReadFloats();

    public long[] ReadInt64s() => _values.ReadInt64s();

    public override string ToString() => $"{Name} {Type} [{string.Join(", ", Shape)}]";
}
