using System.Buffers.Binary;
using System.Numerics;
using Microsoft.Win32.SafeHandles;

namespace CnnTools.Weights;

/// <summary>
/// A file of torch.save that is open for reading: a state dict, or a checkpoint with one in it. Two formats: a zip archive
/// (since PyTorch 1.6), and pickles with the storages behind them. Only tensors are ever made of it, and nothing is run.
/// </summary>
/// <remarks>Written from torch/serialization.py.</remarks>
public sealed class PyTorchFile : IWeightFile
{
    internal const string Format = "PyTorch";

    private const string PickleName = "data.pkl";
    private const long LegacyVersion = 1001;

    /// <summary>Beyond any network's: ten thousand tensors. What is made of a pickle takes up to a hundred times its bytes.</summary>
    private const int LongestPickle = 1 << 21;

    private static readonly BigInteger LegacyMagic = new([0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]);

    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, PyTorchEntry> _byName;

    private PyTorchFile(string path, SafeFileHandle file, Contents contents)
    {
        _file = file;
        Path = path;
        Tensors =
        [
            .. from tensor in StateDict.Find(contents.Root)
               select new PyTorchEntry(path, file, tensor.Key, tensor.Value, contents.PlaceOf(tensor.Value.Storage)),
        ];
        _byName = Tensors.ToDictionary(t => t.Name, StringComparer.Ordinal);
    }

    public string Path { get; }

    /// <summary>In the state dict's order; a prefix "module." that all names have is left out.</summary>
    public IReadOnlyList<PyTorchEntry> Tensors { get; }

    /// <summary>Opens and checks a file; dispose it after the last tensor is read.</summary>
    /// <exception cref="CnnException">It is missing, cannot be read, is not valid, or asks for more than tensors.</exception>
    public static PyTorchFile Open(string path) => WeightFile.Open(path, Format, (file, length) =>
    {
        byte[] start = WeightFile.Read(file, 0, (int)Math.Min(length, 4));
        PyTorchObjects objects = new(path);
        return new PyTorchFile(path, file, IsZip(start) ? ReadZip(file, length, objects) : ReadLegacy(file, length, objects));
    });

    /// <summary>The tensor of that name, or null.</summary>
    public PyTorchEntry? Find(string name) => _byName.GetValueOrDefault(name);

    IReadOnlyList<IWeightEntry> IWeightFile.Tensors => Tensors;

    IWeightEntry? IWeightFile.Find(string name) => Find(name);

    public void Dispose() => _file.Dispose();

    internal static bool IsZip(ReadOnlySpan<byte> start) => start.StartsWith("PK\x3\x4"u8);

    /// <summary>One folder with data.pkl, and each storage in a file of its own under data.</summary>
    private static Contents ReadZip(SafeFileHandle file, long length, PyTorchObjects objects)
    {
        Dictionary<string, FileRange> entries = StoredZip.Read(file, length);
        string name = entries.Keys.FirstOrDefault(n => n == PickleName || n.EndsWith($"/{PickleName}", StringComparison.Ordinal))
            ?? throw new InvalidDataException($"it is a zip archive without {PickleName}");
        string folder = name[..^PickleName.Length];
        if (entries.TryGetValue($"{folder}byteorder", out FileRange order) && !Read(file, order).AsSpan().SequenceEqual("little"u8))
        {
            throw new InvalidDataException("its numbers are big-endian");
        }

        object? root = new PickleReader(Read(file, entries[name]), objects).Read();
        return new(root, storage => entries.TryGetValue($"{folder}data/{storage.Key}", out FileRange place) ? place : null);
    }

    /// <summary>Pickles of a magic number, a version, the writer's system, the object and the storages' keys; then those.</summary>
    private static Contents ReadLegacy(SafeFileHandle file, long length, PyTorchObjects objects)
    {
        PickleReader pickles = new(WeightFile.Read(file, 0, (int)Math.Min(length, LongestPickle)), objects);
        if (pickles.Read() is not BigInteger magic || magic != LegacyMagic || pickles.Read() is not LegacyVersion)
        {
            throw new InvalidDataException("it is a pickle that torch.save did not write");
        }

        if (pickles.Read() is not PickleDictionary system || system.Find("little_endian") is not true)
        {
            throw new InvalidDataException("its numbers are big-endian");
        }

        object? root = pickles.Read();
        List<object?> keys = pickles.Read() as List<object?> ?? throw new InvalidDataException("it does not list its storages");
        Dictionary<string, FileRange> places = new(StringComparer.Ordinal);
        long at = pickles.Position;
        foreach (object? item in keys)
        {
            if (item is not string key || !objects.Storages.TryGetValue(key, out PyTorchStorage? storage) || length - at < sizeof(long)
                || BinaryPrimitives.ReadInt64LittleEndian(WeightFile.Read(file, at, sizeof(long))) != storage.Count
                || storage.Count > (length - at - sizeof(long)) / storage.Type.Size())
            {
                throw new InvalidDataException("its storages are cut off, or others than it says");
            }

            places[key] = new FileRange(at + sizeof(long), storage.Count * storage.Type.Size());
            at += sizeof(long) + places[key].Length;
        }

        return new(root, storage => places.TryGetValue(storage.Key, out FileRange place) ? place : null);
    }

    private static byte[] Read(SafeFileHandle file, FileRange range) => range.Length <= LongestPickle
        ? WeightFile.Read(file, range.Offset, (int)range.Length)
        : throw new InvalidDataException($"its pickle would be {range.Length} bytes, {LongestPickle} are allowed");

    /// <summary>What was saved, and where a storage's bytes lie.</summary>
    private sealed record Contents(object? Root, Func<PyTorchStorage, FileRange?> Find)
    {
        public long PlaceOf(PyTorchStorage storage) =>
            Find(storage) is { } place && storage.Count <= place.Length / storage.Type.Size()
                ? place.Offset
                : throw new InvalidDataException(
                    $"its storage '{Text.Short(storage.Key)}' of {storage.Count} values is not there, or is cut off");
    }
}
