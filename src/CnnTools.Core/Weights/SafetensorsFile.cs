using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace CnnTools.Weights;

/// <summary>
/// A safetensors file that is open for reading: eight bytes of length, a JSON header, then the tensors' bytes. The whole
/// header is checked when it is opened; a tensor's values are read when they are asked for.
/// </summary>
public sealed class SafetensorsFile : IWeightFile
{
    internal const string Format = "safetensors";

    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, SafetensorsEntry> _byName;

    private SafetensorsFile(string path, SafeFileHandle file, SafetensorsHeader header, long dataStart)
    {
        _file = file;
        Path = path;
        Metadata = header.Metadata;
        Tensors = [.. header.Tensors.Select(t => new SafetensorsEntry(path, file, t, dataStart + t.Begin))];
        _byName = Tensors.ToDictionary(t => t.Name, StringComparer.Ordinal);
    }

    /// <summary>As it was given.</summary>
    public string Path { get; }

    /// <summary>Free texts under free names.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>In the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsEntry> Tensors { get; }

    /// <summary>Opens and checks a file; dispose it after the last tensor is read.</summary>
    /// <exception cref="CnnException">It is missing, cannot be read, or is not valid.</exception>
    public static SafetensorsFile Open(string path) => WeightFile.Open(path, Format, (file, length) =>
    {
        byte[] json = ReadHeader(file, length);
        long dataStart = sizeof(ulong) + json.Length;
        return new SafetensorsFile(path, file, SafetensorsHeader.Parse(json, length - dataStart), dataStart);
    });

    /// <summary>The tensor of that name, or null.</summary>
    public SafetensorsEntry? Find(string name) => _byName.GetValueOrDefault(name);

    IReadOnlyList<IWeightEntry> IWeightFile.Tensors => Tensors;

    IWeightEntry? IWeightFile.Find(string name) => Find(name);

    public void Dispose() => _file.Dispose();

    internal static CnnException Corrupt(string path, string reason, Exception? inner = null) =>
        WeightFile.Corrupt(path, Format, reason, inner);

    /// <summary>Memory is taken only for what the file has.</summary>
    private static byte[] ReadHeader(SafeFileHandle file, long fileLength)
    {
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        if (fileLength < prefix.Length)
        {
            throw new InvalidDataException($"its {fileLength} bytes are too few for a header");
        }

        WeightFile.ReadFully(file, prefix, 0);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > SafetensorsHeader.MaxLength)
        {
            throw new InvalidDataException($"its header would be {length} bytes, the format allows {SafetensorsHeader.MaxLength}");
        }

        if (length > (ulong)(fileLength - prefix.Length))
        {
            throw new InvalidDataException($"its header would be {length} bytes, the file has {fileLength}");
        }

        return WeightFile.Read(file, prefix.Length, (int)length);
    }
}
