using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace CnnTools.Tests.Weights;

/// <summary>Files of torch.save, made by hand and not by our writer.</summary>
internal static class PyTorchSamples
{
    public static byte[] OrderedDict => [.. Global("collections", "OrderedDict"), (byte)')', (byte)'R'];

    /// <summary>A state dict of a 2x3 F32 tensor, its transpose on the same storage, and an I64 scalar.</summary>
    public static byte[] Body { get; } = Dict(
        ("w", Tensor(Storage("0", 6), 0, [2, 3], [3, 1])),
        ("t", Tensor(Storage("0", 6), 0, [3, 2], [1, 3])),
        ("n", Tensor(Storage("1", 1, "LongStorage"), 0, [], [])));

    public static (string Key, byte[] Data)[] Storages { get; } =
        [("0", Floats(1, 2, 3, 4, 5, 6)), ("1", [42, 0, 0, 0, 0, 0, 0, 0])];

    public static byte[] Floats(params ReadOnlySpan<float> values)
    {
        byte[] bytes = new byte[values.Length * 4];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * 4), values[i]);
        }

        return bytes;
    }

    public static byte[] Global(string module, string name) => [(byte)'c', .. Encoding.UTF8.GetBytes($"{module}\n{name}\n")];

    public static byte[] Word(string text) => [(byte)'X', .. Bytes(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    public static byte[] Number(int number) => [(byte)'J', .. Bytes(number)];

    public static byte[] Tuple(params byte[][] items) => [(byte)'(', .. items.SelectMany(i => i), (byte)'t'];

    public static byte[] Dict(params (string Name, byte[] Value)[] items) =>
        [(byte)'}', (byte)'(', .. items.SelectMany(i => (byte[])[.. Word(i.Name), .. i.Value]), (byte)'u'];

    public static byte[] Storage(string key, int count, string type = "FloatStorage") =>
        [.. Tuple(Word("storage"), Global("torch", type), Word(key), Word("cpu"), Number(count)), (byte)'Q'];

    public static byte[] Tensor(byte[] storage, int offset, int[] sizes, int[] strides) =>
    [
        .. Global("torch._utils", "_rebuild_tensor_v2"),
        .. Tuple(storage, Number(offset), Numbers(sizes), Numbers(strides), [0x89], OrderedDict), (byte)'R',
    ];

    public static byte[] Pickle(byte[] body) => [0x80, 2, .. body, (byte)'.'];

    public static byte[] Zip(byte[] pickle, params (string Key, byte[] Data)[] storages) => Archive(
        [("net/data.pkl", pickle), .. storages.Select(s => ($"net/data/{s.Key}", s.Data)), ("net/version", [.. "3\n"u8])]);

    public static byte[] Archive(params (string Name, byte[] Data)[] entries) => Archive(CompressionLevel.NoCompression, entries);

    public static byte[] Archive(CompressionLevel level, params (string Name, byte[] Data)[] entries)
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create))
        {
            foreach ((string name, byte[] data) in entries)
            {
                using Stream content = archive.CreateEntry(name, level).Open();
                content.Write(data);
            }
        }

        return stream.ToArray();
    }

    /// <summary>The format before the zip archives; each storage with the number of its values.</summary>
    public static byte[] Legacy(byte[] pickle, params (string Key, long Count, byte[] Data)[] storages) =>
    [
        .. Pickle([0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]),
        .. Pickle(Number(1001)),
        .. Pickle(Dict(("little_endian", [0x88]))),
        .. pickle,
        .. Pickle([(byte)']', (byte)'(', .. storages.SelectMany(s => Word(s.Key)), (byte)'e']),
        .. storages.SelectMany(s => (byte[])[.. BitConverter.GetBytes(s.Count), .. s.Data]),
    ];

    private static byte[] Numbers(int[] values) => Tuple([.. values.Select(Number)]);

    private static byte[] Bytes(int number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }
}
