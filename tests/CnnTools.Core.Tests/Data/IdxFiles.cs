using System.Buffers.Binary;
using System.IO.Compression;

namespace CnnTools.Tests.Data;

/// <summary>Makes IDX files for tests.</summary>
internal static class IdxFiles
{
    public static readonly string[] Names =
        ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    public static byte[] Images(int count, int rows, int columns, byte[] pixels) =>
        [.. Header(0x803, count, rows, columns), .. pixels];

    public static byte[] Images(int count, int rows, int columns) =>
        Images(count, rows, columns, [.. Enumerable.Range(0, count * rows * columns).Select(i => (byte)(i * 7))]);

    public static byte[] Labels(params byte[] labels) => [.. Header(0x801, labels.Length), .. labels];

    public static byte[] Header(uint magic, params int[] sizes)
    {
        byte[] header = new byte[4 + (4 * sizes.Length)];
        BinaryPrimitives.WriteUInt32BigEndian(header, magic);
        for (int i = 0; i < sizes.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * i)), sizes[i]);
        }

        return header;
    }

    public static byte[] Gzip(byte[] content)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }

    /// <summary>Writes a data set of four training and two test images, 3x2, into a folder.</summary>
    public static void WriteDataset(
        TemporaryFolder folder, string subfolder, byte firstLabel = 1, bool gzip = false, bool dotted = false)
    {
        byte[][] contents =
        [
            Images(4, 3, 2), Labels(firstLabel, 1, 2, 3), Images(2, 3, 2), Labels(8, 9),
        ];
        for (int i = 0; i < Names.Length; i++)
        {
            string name = dotted ? Names[i].Replace("-idx", ".idx", StringComparison.Ordinal) : Names[i];
            folder.Write(Path.Combine(subfolder, name + (gzip ? ".gz" : "")), gzip ? Gzip(contents[i]) : contents[i]);
        }
    }
}
