using System.Buffers;
using System.Buffers.Binary;
using CnnTools.Runs;
using Microsoft.Win32.SafeHandles;

namespace CnnTools.Weights;

/// <summary>Values of one tensor that lie in an open file one after the other, little-endian; read in chunks.</summary>
/// <param name="format">The file's format, and <paramref name="tensor"/> the tensor's name, for messages.</param>
/// <param name="offset">The first byte's place in the file.</param>
internal sealed class StoredValues(
    SafeFileHandle file, string path, string format, string tensor, SafetensorsType type, long offset, long count)
{
    /// <summary>Bytes read at a time: a multiple of every type's size.</summary>
    private const int ChunkSize = 1 << 18;

    private readonly int _size = type.Size();

    private long ByteLength => count * _size;

    /// <summary>The bytes as they stand in the file.</summary>
    /// <exception cref="CnnException">They cannot be read, or are too many for one array.</exception>
    public byte[] ReadBytes()
    {
        byte[] bytes = Allocate<byte>(ByteLength);
        Read((chunk, start) => chunk.CopyTo(bytes.AsSpan((int)start)));
        return bytes;
    }

    /// <summary>F32, F16, BF16 or F64 as single precision, rounded to nearest.</summary>
    /// <exception cref="CnnException">They are of another type, cannot be read, or are too many for one array.</exception>
    public float[] ReadFloats() => Read<float>(
        type switch
        {
            SafetensorsType.F32 => BinaryPrimitives.ReadSingleLittleEndian,
            SafetensorsType.F16 => bytes => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes),
            SafetensorsType.BF16 => FromBFloat16,
            SafetensorsType.F64 => bytes => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            _ => throw Errors.TensorType(path, tensor, type.ToString(), "floating-point values (F32, F16, BF16, F64)"),
        });

    /// <summary>I64, I32, I16, I8, U32, U16, U8 or BOOL.</summary>
    /// <exception cref="CnnException">They are of another type, cannot be read, or are too many for one array.</exception>
    public long[] ReadInt64s() => Read<long>(
        type switch
        {
            SafetensorsType.I64 => BinaryPrimitives.ReadInt64LittleEndian,
            SafetensorsType.I32 => bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            SafetensorsType.I16 => bytes => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            SafetensorsType.I8 => bytes => (sbyte)bytes[0],
            SafetensorsType.U32 => bytes => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            SafetensorsType.U16 => bytes => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            SafetensorsType.U8 or SafetensorsType.BOOL => bytes => bytes[0],
            _ => throw Errors.TensorType(path, tensor, type.ToString(), "whole numbers"),
        });

    /// <summary>The upper half of a float.</summary>
    private static float FromBFloat16(ReadOnlySpan<byte> bytes) =>
        BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16);

    private T[] Read<T>(Func<ReadOnlySpan<byte>, T> convert)
    {
        T[] values = Allocate<T>(count);
        Read((chunk, start) =>
        {
            Span<T> target = values.AsSpan((int)(start / _size), chunk.Length / _size);
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = convert(chunk[(i * _size)..]);
            }
        });
        return values;
    }

    private T[] Allocate<T>(long length)
    {
        if (length > Array.MaxLength)
        {
            throw WeightFile.Corrupt(path, format, $"tensor '{Text.Short(tensor)}' has {length} values, more than one array can hold");
        }

        try
        {
            return new T[length];
        }
        catch (OutOfMemoryException)
        {
            throw Errors.OutOfMemory($"Reading the tensor '{Text.Short(tensor)}' of '{path}'", $"It has {length} values.");
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
                WeightFile.ReadFully(file, chunk, offset + start);
                take(chunk, start);
            }
        }
        catch (InvalidDataException exception)
        {
            // It was long enough when it was opened.
            throw WeightFile.Corrupt(path, format, $"tensor '{Text.Short(tensor)}': {exception.Message}", exception);
        }
        catch (Exception exception) when (FilePlace.IsFileError(exception))
        {
            throw Errors.CannotRead(path, exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
