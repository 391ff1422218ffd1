using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using CnnTools.Runs;

namespace CnnTools.Weights;

/// <summary>
/// Saves tensors as torch.save saves a state dict (an OrderedDict of contiguous tensors on the CPU): a zip archive of a
/// pickle and the storages. torch.load reads it, with weights_only too. The same content gives the same bytes.
/// </summary>
internal static class PyTorchWriter
{
    /// <summary>The archive's folder; torch.save takes the file's name.</summary>
    private const string Folder = "archive";

    /// <summary>The first day that a zip archive can tell.</summary>
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Creates or replaces a file, whole or not at all.</summary>
    /// <param name="tensors">Of types that PyTorch has a storage for, as <see cref="StorageOf"/> knows them.</param>
    /// <exception cref="CnnException">It cannot be written.</exception>
    public static void Write(string path, IEnumerable<SafetensorsTensor> tensors)
    {
        SafetensorsTensor[] all = [.. tensors];
        byte[] pickle = Pickle(all);
        AtomicFile.Write(path, stream =>
        {
            using ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true);
            Add("data.pkl", content => content.Write(pickle));
            Add("byteorder", content => content.Write("little"u8));
            for (int i = 0; i < all.Length; i++)
            {
                Add($"data/{i}", all[i].WriteTo);
            }

            Add("version", content => content.Write("3\n"u8));

            void Add(string name, Action<Stream> write)
            {
                ZipArchiveEntry entry = archive.CreateEntry($"{Folder}/{name}", CompressionLevel.NoCompression);
                entry.LastWriteTime = Epoch;
                using Stream content = entry.Open();
                write(content);
            }
        });
    }

    /// <summary>Protocol 2, as torch.save writes it, without its memo: what stands twice is written twice.</summary>
    private static byte[] Pickle(SafetensorsTensor[] tensors)
    {
        using MemoryStream pickle = new();
        Write(0x80, 2);
        OrderedDict();
        Write('(');
        for (int i = 0; i < tensors.Length; i++)
        {
            SafetensorsTensor tensor = tensors[i];
            Text(tensor.Name);
            Global("torch._utils", "_rebuild_tensor_v2");
            Write('(', '(');
            Text("storage");
            Global("torch", StorageOf(tensor.Type));
            Text(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{i}"));
            Text("cpu");
            Number(SafetensorsTypes.Count(tensor.Shape)!.Value);
            Write('t', 'Q');
            Number(0);
            Tuple(tensor.Shape);
            Tuple(Strides(tensor.Shape));
            Write(0x89);
            OrderedDict();
            Write('t', 'R');
        }

        Write('u', '.');
        return pickle.ToArray();

        void Write(params ReadOnlySpan<int> operations)
        {
            foreach (int operation in operations)
            {
                pickle.WriteByte((byte)operation);
            }
        }

        void OrderedDict()
        {
            Global("collections", "OrderedDict");
            Write(')', 'R');
        }

        void Global(string module, string name)
        {
            Write('c');
            pickle.Write(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));
        }

        void Text(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            Span<byte> length = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)bytes.Length);
            Write('X');
            pickle.Write(length);
            pickle.Write(bytes);
        }

        void Number(long number)
        {
            Span<byte> bytes = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            if (number <= int.MaxValue)
            {
                Write('J');
                pickle.Write(bytes[..sizeof(int)]);
            }
            else
            {
                Write(0x8A, sizeof(long));
                pickle.Write(bytes);
            }
        }

        void Tuple(IEnumerable<long> numbers)
        {
            Write('(');
            foreach (long number in numbers)
            {
                Number(number);
            }

            Write('t');
        }
    }

    /// <summary>Of a contiguous tensor.</summary>
    private static long[] Strides(IReadOnlyList<long> shape)
    {
        long[] strides = new long[shape.Count];
        long stride = 1;
        for (int d = strides.Length - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= Math.Max(1, shape[d]);
        }

        return strides;
    }

    private static string StorageOf(SafetensorsType type) => type switch
    {
        SafetensorsType.F32 => "FloatStorage",
        SafetensorsType.I64 => "LongStorage",
        _ => throw new NotSupportedException($"No network has weights of {type}."),
    };
}
