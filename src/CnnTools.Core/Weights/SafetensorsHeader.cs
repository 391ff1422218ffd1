using System.Text.Json;
using System.Text.Unicode;

namespace CnnTools.Weights;

/// <summary>One tensor as the header tells it; offsets count from the end of the header.</summary>
internal sealed record SafetensorsRange(string Name, SafetensorsType Type, long[] Shape, long Count, long Begin, long End);

/// <summary>
/// The JSON at the head of a safetensors file, checked in full: as strict as the reference implementation, which lets no
/// byte of the data belong to no tensor or to two.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The reference implementation's own limit.</summary>
    public const long MaxLength = 100_000_000;

    public const string MetadataKey = "__metadata__";

    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly List<SafetensorsRange> _tensors = [];

    private SafetensorsHeader()
    {
    }

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>In the order of their data.</summary>
    public IReadOnlyList<SafetensorsRange> Tensors { get; private set; } = [];

    /// <exception cref="InvalidDataException">It is not valid; the message tells why.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength)
    {
        SafetensorsHeader header = new();
        if (json.IsEmpty || json[0] != '{')
        {
            throw new InvalidDataException("its header does not begin with {");
        }

        if (!Utf8.IsValid(json))
        {
            throw new InvalidDataException("its header is not UTF-8");
        }

        try
        {
            Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = 16 });
            header.ReadRoot(ref reader);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is what the reader throws for an escaped half of a surrogate pair.
            throw new InvalidDataException($"its header cannot be read ({Text.Short(exception.Message)})", exception);
        }

        header.Arrange(dataLength);
        return header;
    }

    private void ReadRoot(ref Utf8JsonReader reader)
    {
        reader.Read();
        HashSet<string> names = new(StringComparer.Ordinal);
        while (ReadName(ref reader, names, "the header") is { } name)
        {
            reader.Read();
            if (name == MetadataKey)
            {
                ReadMetadata(ref reader);
            }
            else
            {
                _tensors.Add(ReadTensor(ref reader, name));
            }
        }

        // Throws where anything but white space follows.
        reader.Read();
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new InvalidDataException("its metadata are no object");
        }

        HashSet<string> names = new(StringComparer.Ordinal);
        while (ReadName(ref reader, names, "the metadata") is { } name)
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                throw new InvalidDataException($"its metadata '{Short(name)}' is no text");
            }

            _metadata.Add(name, reader.GetString()!);
        }
    }

    private static SafetensorsRange ReadTensor(ref Utf8JsonReader reader, string tensor)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new InvalidDataException($"tensor '{Short(tensor)}' is no object");
        }

        SafetensorsType? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        HashSet<string> names = new(StringComparer.Ordinal);
        while (ReadName(ref reader, names, $"tensor '{Short(tensor)}'") is { } name)
        {
            reader.Read();
            switch (name)
            {
                case "dtype":
                    if (reader.TokenType != JsonTokenType.String)
                    {
                        throw new InvalidDataException($"tensor '{Short(tensor)}' has a dtype that is no text");
                    }

                    string dtype = reader.GetString()!;
                    type = SafetensorsTypes.TryParse(dtype);
                    if (type is null)
                    {
                        throw new InvalidDataException($"tensor '{Short(tensor)}' is of the unknown dtype '{Short(dtype)}'");
                    }

                    break;
                case "shape":
                    shape = ReadSizes(ref reader, tensor, name);
                    break;
                case "data_offsets":
                    offsets = ReadSizes(ref reader, tensor, name);
                    if (offsets.Length != 2)
                    {
                        throw new InvalidDataException($"tensor '{Short(tensor)}' has {offsets.Length} data_offsets, not 2");
                    }

                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (type is null || shape is null || offsets is null)
        {
            throw new InvalidDataException($"tensor '{Short(tensor)}' lacks dtype, shape or data_offsets");
        }

        if (SafetensorsTypes.Count(shape) is not { } count)
        {
            throw new InvalidDataException($"tensor '{Short(tensor)}' has a shape beyond any size");
        }

        return new SafetensorsRange(tensor, type.Value, shape, count, offsets[0], offsets[1]);
    }

    private static long[] ReadSizes(ref Utf8JsonReader reader, string tensor, string field)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new InvalidDataException($"tensor '{Short(tensor)}' has a {field} that is no list");
        }

        List<long> sizes = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long size) || size < 0)
            {
                throw new InvalidDataException($"tensor '{Short(tensor)}' has a {field} of other than whole numbers from 0");
            }

            sizes.Add(size);
        }

        return [.. sizes];
    }

    /// <summary>The next property's name; null at the object's end.</summary>
    private static string? ReadName(ref Utf8JsonReader reader, HashSet<string> seen, string where)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.PropertyName)
        {
            return null;
        }

        string name = reader.GetString()!;
        if (!seen.Add(name))
        {
            throw new InvalidDataException($"{where} has '{Short(name)}' twice");
        }

        return name;
    }

    /// <summary>Puts the tensors in the order of their data, and has them cover it without gap or overlap.</summary>
    private void Arrange(long dataLength)
    {
        // The sort is stable; an empty tensor comes before the one that begins at the same place.
        SafetensorsRange[] ordered = [.. _tensors.OrderBy(t => t.Begin).ThenBy(t => t.End)];
        long end = 0;
        foreach (SafetensorsRange tensor in ordered)
        {
            long bytes = tensor.Count * tensor.Type.Size();
            string? wrong = tensor switch
            {
                _ when tensor.Begin > tensor.End => "it ends before it begins",
                _ when tensor.End > dataLength => $"the data end at {dataLength}",
                _ when tensor.Begin < end => $"that overlaps the one before, which ends at {end}",
                _ when tensor.Begin > end => $"the bytes from {end} on belong to no tensor",
                _ when tensor.End - tensor.Begin != bytes =>
                    $"{tensor.Type} of shape [{string.Join(", ", tensor.Shape.Take(16))}] takes {bytes} bytes",
                _ => null,
            };
            if (wrong is not null)
            {
                throw new InvalidDataException(
                    $"tensor '{Short(tensor.Name)}' is at {tensor.Begin} to {tensor.End}: {wrong}");
            }

            end = tensor.End;
        }

        if (end != dataLength)
        {
            throw new InvalidDataException($"{dataLength - end} bytes at its end belong to no tensor");
        }

        Tensors = ordered;
    }

    /// <summary>A name for a message: it may be as long as the header.</summary>
    private static string Short(string name) => name.Length > 100 ? name[..100] + "..." : name;
}
