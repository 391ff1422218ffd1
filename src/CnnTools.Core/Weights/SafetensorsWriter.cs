using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CnnTools.Runs;

namespace CnnTools.Weights;

/// <summary>Saves tensors as a safetensors file: the same content gives the same bytes.</summary>
public static class SafetensorsWriter
{
    private const int Alignment = 8;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Creates or replaces a file, whole or not at all.</summary>
    /// <param name="tensors">
    /// Written in this order, but the larger value types first, as the reference implementation does: PyTorch cannot read
    /// a tensor that is not aligned.
    /// </param>
    /// <param name="metadata">Written sorted by name.</param>
    /// <exception cref="CnnException">
    /// A name is there twice, reserved or not Unicode; a tensor's values do not fill its shape; the file cannot be written.
    /// </exception>
    public static void Write(
        string path, IEnumerable<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        SafetensorsTensor[] ordered = [.. tensors.OrderByDescending(t => t.Type.Size())];
        Check(path, ordered);
        byte[] header = Header(path, ordered, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (SafetensorsTensor tensor in ordered)
            {
                long start = stream.Position;
                tensor.WriteTo(stream);
                if (stream.Position - start != ByteLength(tensor))
                {
                    throw Errors.CannotSaveTensor(path, tensor.Name,
                        $"its shape [{string.Join(", ", tensor.Shape)}] takes {ByteLength(tensor)} bytes, it has {stream.Position - start}");
                }
            }
        });
    }

    private static void Check(string path, SafetensorsTensor[] tensors)
    {
        HashSet<string> names = new(StringComparer.Ordinal) { SafetensorsHeader.MetadataKey };
        foreach (SafetensorsTensor tensor in tensors)
        {
            if (!names.Add(tensor.Name))
            {
                throw Errors.CannotSaveTensor(path, tensor.Name, "its name is taken");
            }

            if (SafetensorsTypes.Count(tensor.Shape) is null)
            {
                throw Errors.CannotSaveTensor(path, tensor.Name, $"[{string.Join(", ", tensor.Shape)}] is no shape");
            }
        }
    }

    private static long ByteLength(SafetensorsTensor tensor) =>
        SafetensorsTypes.Count(tensor.Shape)!.Value * tensor.Type.Size();

    /// <summary>Padded with spaces, so that the data begin at a multiple of eight.</summary>
    private static byte[] Header(string path, SafetensorsTensor[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                writer.WriteStartObject(SafetensorsHeader.MetadataKey);
                foreach ((string name, string text) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
                {
                    writer.WriteString(Unicode(path, name, name), Unicode(path, name, text));
                }

                writer.WriteEndObject();
            }

            long offset = 0;
            foreach (SafetensorsTensor tensor in tensors)
            {
                writer.WriteStartObject(Unicode(path, tensor.Name, tensor.Name));
                writer.WriteString("dtype", tensor.Type.Dtype());
                WriteNumbers(writer, "shape", tensor.Shape);
                WriteNumbers(writer, "data_offsets", [offset, offset += ByteLength(tensor)]);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        while (json.Length % Alignment != 0)
        {
            json.WriteByte((byte)' ');
        }

        return json.Length <= SafetensorsHeader.MaxLength
            ? json.ToArray()
            : throw Errors.CannotSaveTensor(path, tensors[^1].Name, "names and metadata exceed the format's limit");
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, IEnumerable<long> numbers)
    {
        writer.WriteStartArray(name);
        foreach (long number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }

    /// <summary>The writer would put a replacement character for half a surrogate pair, and two names could become one.</summary>
    private static byte[] Unicode(string path, string name, string text)
    {
        try
        {
            return Strict.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            throw Errors.CannotSaveTensor(path, name, "its name or text is not Unicode");
        }
    }
}
