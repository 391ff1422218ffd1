using System.Buffers.Binary;

namespace CnnTools.Weights;

/// <summary>One tensor to be saved; its values are asked for when its turn comes, so that not all are in memory at once.</summary>
public sealed class SafetensorsTensor
{
    private const int ChunkLength = 1 << 15;
    private readonly Action<Stream> _write;

    private SafetensorsTensor(string name, SafetensorsType type, IReadOnlyList<long> shape, Action<Stream> write)
    {
        Name = name;
        Type = type;
        Shape = [.. shape];
        _write = write;
    }

    public string Name { get; }

    public SafetensorsType Type { get; }

    public IReadOnlyList<long> Shape { get; }

    /// <summary>As F32.</summary>
    /// <param name="read">Gives the values, row by row; as many as the shape has.</param>
    public static SafetensorsTensor FromFloats(string name, IReadOnlyList<long> shape, Func<ReadOnlyMemory<float>> read) =>
        new(name, SafetensorsType.F32, shape, stream =>
            WriteValues(stream, read().Span, sizeof(float), BinaryPrimitives.WriteSingleLittleEndian));

    /// <summary>As I64.</summary>
    public static SafetensorsTensor FromInt64s(string name, IReadOnlyList<long> shape, ReadOnlyMemory<long> values) =>
        new(name, SafetensorsType.I64, shape, stream =>
            WriteValues(stream, values.Span, sizeof(long), BinaryPrimitives.WriteInt64LittleEndian));

    /// <summary>Any type, as little-endian bytes.</summary>
    public static SafetensorsTensor FromBytes(
        string name, SafetensorsType type, IReadOnlyList<long> shape, ReadOnlyMemory<byte> bytes) =>
        new(name, type, shape, stream => stream.Write(bytes.Span));

    internal void WriteTo(Stream stream) => _write(stream);

    private delegate void Store<in T>(Span<byte> bytes, T value);

    private static void WriteValues<T>(Stream stream, ReadOnlySpan<T> values, int size, Store<T> store)
    {
        byte[] bytes = new byte[Math.Min(ChunkLength, values.Length) * size];
        while (!values.IsEmpty)
        {
            int count = Math.Min(ChunkLength, values.Length);
            for (int i = 0; i < count; i++)
            {
                store(bytes.AsSpan(i * size), values[i]);
            }

            stream.Write(bytes, 0, count * size);
            values = values[count..];
        }
    }
}
