using System.Buffers;
using System.Buffers.Binary;
using CnnTools.Runs;
using Microsoft.Win32.SafeHandles;

namespace CnnTools.Weights;

/// <summary>One tensor of an open safetensors file. The values are row by row.</summary>
public sealed class SafetensorsEntry
{
    /// <summary>Bytes read at a time: a multiple of every type's size.</summary>
    private const int ChunkSize = 1 << 18;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly long _offset;

    internal SafetensorsEntry(string path, SafeFileHandle file, SafetensorsRange range, long offset)
    {
        _path = path;
        _file = file;
        _offset = offset;
        Name = range.Name;
        Type = range.Type;
        Shape = range.Shape;
        Count = range.Count;
        ByteLength = range.End - range.Begin;
    }

    public string Name { get; }

    public SafetensorsType Type { get; }

    /// <summary>Empty for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The number of values.</summary>
    public long Count { get; }

    public long ByteLength { get; }

    /// <summary>The bytes as they stand in the file, little-endian.</summary>
    /// <exception cref="CnnException">They cannot be read, or are too many for one array.</exception>
    public byte[] ReadBytes()
    {
        byte[] bytes = Allocate<byte>(ByteLength);
        Read((chunk, start) => chunk.CopyTo(bytes.AsSpan((int)start)));
        return bytes;
    }

    /// <summary>The values of F32, F16, BF16 or F64 as single precision, rounded to nearest.</summary>
    /// <exception cref="CnnException">It is of another type, cannot be read, or is too large for one array.</exception>
    public float[] ReadFloats()
    {
        int size = Type.Size();
        Action<ReadOnlySpan<byte>, Span<float>> convert = Type switch
        {
            SafetensorsType.F32 => FromSingle,
            SafetensorsType.F16 => FromHalf,
            SafetensorsType.BF16 => FromBFloat16,
            SafetensorsType.F64 => FromDouble,
            _ => throw Errors.TensorType(_path, Name, Type.ToString(), "floating-point values (F32, F16, BF16, F64)"),
        };
        float[] values = Allocate<float>(Count);
        Read((chunk, start) => convert(chunk, values.AsSpan((int)(start / size), chunk.Length / size)));
        return values;
    }

    /// <summary>The values of I64, I32, I16, I8, U32, U16, U8 or BOOL.</summary>
    /// <exception cref="CnnException">It is of another type, cannot be read, or is too large for one array.</exception>
    public long[] ReadInt64s()
    {
        int size = Type.Size();
        Func<ReadOnlySpan<byte>, long> convert = Type switch
        {
            SafetensorsType.I64 => BinaryPrimitives.ReadInt64LittleEndian,
            SafetensorsType.I32 => bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            SafetensorsType.I16 => bytes => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            SafetensorsType.I8 => bytes => (sbyte)bytes[0],
            SafetensorsType.U32 => bytes => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            SafetensorsType.U16 => bytes => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            SafetensorsType.U8 or SafetensorsType.BOOL => bytes => bytes[0],
            _ => throw Errors.TensorType(_path, Name, Type.ToString(), "whole numbers"),
        };
        long[] values = Allocate<long>(Count);
        Read((chunk, start) =>
        {
            for (int i = 0; i < chunk.Length; i += size)
            {
                values[(start + i) / size] = convert(chunk.Slice(i, size));
            }
        });
        return values;
    }

    public override string ToString() => $"{Name} {Type} [{string.Join(", ", Shape)}]";

    private static void FromSingle(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * 4)..]);
        }
    }

    private static void FromHalf(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(i * 2)..]);
        }
    }

    /// <summary>The upper half of a float.</summary>
    private static void FromBFloat16(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            uint bits = (uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * 2)..]) << 16;
            values[i] = BitConverter.UInt32BitsToSingle(bits);
        }
    }

    private static void FromDouble(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(i * 8)..]);
        }
    }

    private T[] Allocate<T>(long count)
    {
        if (count > Array.MaxLength)
        {
            throw SafetensorsFile.Corrupt(_path, $"tensor '{Name}' has {count} values, more than one array can hold");
        }

        try
        {
            return new T[count];
        }
        catch (OutOfMemoryException)
        {
            throw Errors.OutOfMemory($"Reading the tensor '{Name}' of '{_path}'", $"It has {count} values.");
        }
    }

    private void Read(Action<ReadOnlySpan<byte>, long> take)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            for (long start = 0; start < ByteLength; start += ChunkSize)
            {
                Span<byte> chunk = buffer.AsSpan(0, (int)Math.Min(ChunkSize, ByteLength - start));
                SafetensorsFile.ReadFully(_file, chunk, _offset + start);
                take(chunk, start);
            }
        }
        catch (InvalidDataException exception)
        {
            // It was long enough when it was opened.
            throw SafetensorsFile.Corrupt(_path, $"tensor '{Name}': {exception.Message}", exception);
        }
        catch (Exception exception) when (FilePlace.IsFileError(exception))
        {
            throw Errors.CannotRead(_path, exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
