using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using CnnTools.Tests.Data;
using CnnTools.Weights;
using FsCheck;
using FsCheck.Fluent;

namespace CnnTools.Tests.Weights;

public sealed class SafetensorsWriteTests : IDisposable
{
    /// <summary>Names with all that JSON has to escape; shapes with zeros and without dimensions.</summary>
    private static readonly Gen<(string Name, long[] Shape, bool IsWhole)[]> Tensors =
        (from letters in Gen.Elements('a', '.', '"', '\\', '\n', '\0', '/', '<', 'ä', '中', '\u2028').ListOf()
         from pair in Gen.Elements("", "\U0001F600")
         from shape in Gen.Choose(0, 4).ListOf()
         from isWhole in Gen.Elements(true, false)
         select (new string([.. letters]) + pair, shape.Take(3).Select(size => (long)size).ToArray(), isWhole))
        .ListOf().Select(list => list.DistinctBy(t => t.Item1).ToArray());

    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "t.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_again() => Properties.Hold(Prop.ForAll(
        Tensors.ToArbitrary(),
        made =>
        {
            Dictionary<string, string> metadata = made.ToDictionary(t => t.Name, t => t.Name + "!", StringComparer.Ordinal);
            SafetensorsWriter.Write(File, made.Select(t => t.IsWhole
                ? SafetensorsTensor.FromInt64s(t.Name, t.Shape, Whole(t.Shape))
                : SafetensorsTensor.FromFloats(t.Name, t.Shape, () => Floats(t.Shape))), metadata);
            using SafetensorsFile file = SafetensorsFile.Open(File);
            Assert.Equal(metadata, file.Metadata);
            Assert.Equal(made.Length, file.Tensors.Count);
            foreach ((string name, long[] shape, bool isWhole) in made)
            {
                SafetensorsEntry tensor = file.Find(name)!;
                Assert.Equal(shape, tensor.Shape);
                if (isWhole)
                {
                    Assert.Equal(Whole(shape), tensor.ReadInt64s());
                }
                else
                {
                    Assert.Equal(Floats(shape), tensor.ReadFloats());
                }
            }
        }));

    [Fact]
    public void Every_bit_of_a_float_is_kept()
    {
        float[] values = [.. new uint[] { 0x7FC00001, 0xFFC12345, 0x80000000, 1, 0x7F7FFFFF, 0xFF800000 }.Select(BitConverter.UInt32BitsToSingle)];
        SafetensorsWriter.Write(File, [SafetensorsTensor.FromFloats("t", [6], () => values)]);
        using SafetensorsFile file = SafetensorsFile.Open(File);
        Assert.Equal(values.Select(BitConverter.SingleToUInt32Bits), file.Tensors[0].ReadFloats().Select(BitConverter.SingleToUInt32Bits));
    }

    [Fact]
    public void Tensors_larger_than_the_buffers_are_kept()
    {
        float[] values = [.. Enumerable.Range(0, 300_001).Select(i => i * 0.5f)];
        SafetensorsWriter.Write(File, [SafetensorsTensor.FromFloats("t", [values.Length], () => values)]);
        using SafetensorsFile file = SafetensorsFile.Open(File);
        Assert.Equal(values, file.Tensors[0].ReadFloats());
    }

    [Fact]
    public void The_same_content_gives_the_same_bytes_and_aligned_data()
    {
        void Write(params (string, string)[] metadata) => SafetensorsWriter.Write(
            File,
            [
                SafetensorsTensor.FromBytes("bytes", SafetensorsType.U8, [3], new byte[] { 1, 2, 3 }),
                SafetensorsTensor.FromFloats("w", [1], () => new float[] { 1 }),
                SafetensorsTensor.FromInt64s("n", [], new long[] { 42 }),
                SafetensorsTensor.FromFloats("b", [1], () => new float[] { 2 }),
            ],
            metadata.ToDictionary(m => m.Item1, m => m.Item2));

        Write(("b", "2"), ("a", "1"));
        byte[] first = System.IO.File.ReadAllBytes(File);
        Write(("a", "1"), ("b", "2"));
        Assert.Equal(first, System.IO.File.ReadAllBytes(File));

        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(first);
        Assert.Equal(0, header % 8);
        string json = Encoding.UTF8.GetString(first, 8, header);
        Assert.Equal(
            """{"__metadata__":{"a":"1","b":"2"},"n":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]},"bytes":{"dtype":"U8","shape":[3],"data_offsets":[16,19]}}""",
            json.TrimEnd(' '));
    }

    [Fact]
    public void Another_json_reader_understands_the_header()
    {
        SafetensorsWriter.Write(
            File, [SafetensorsTensor.FromFloats("a\"\\\u0001ä", [2], () => new float[] { 1, 2 })],
            new Dictionary<string, string> { ["graph"] = """{"nodes":["<x>"]}""" });
        byte[] content = System.IO.File.ReadAllBytes(File);
        using JsonDocument header = JsonDocument.Parse(content.AsMemory(8, (int)BinaryPrimitives.ReadInt64LittleEndian(content)));
        Assert.Equal("""{"nodes":["<x>"]}""", header.RootElement.GetProperty("__metadata__").GetProperty("graph").GetString());
        Assert.Equal("F32", header.RootElement.GetProperty("a\"\\\u0001ä").GetProperty("dtype").GetString());
    }

    [Fact]
    public void What_cannot_be_saved_is_an_error_and_the_old_file_stays()
    {
        System.IO.File.WriteAllText(File, "old");
        static SafetensorsTensor Tensor(string name, long[] shape, int values) =>
            SafetensorsTensor.FromFloats(name, shape, () => new float[values]);

        Refuses([Tensor("a", [2], 1)], "takes 8 bytes, it has 4");
        Refuses([Tensor("a", [1], 2)], "takes 4 bytes, it has 8");
        Refuses([Tensor("a", [1], 1), Tensor("a", [1], 1)], "taken");
        Refuses([Tensor("__metadata__", [1], 1)], "taken");
        Refuses([Tensor("\ud800", [1], 1)], "not Unicode");
        Refuses([Tensor("a", [-1], 1)], "no shape");
        Refuses([Tensor("a", [long.MaxValue, 2], 1)], "no shape");
        Assert.Equal("old", System.IO.File.ReadAllText(File));
        Assert.Equal([File], Directory.GetFileSystemEntries(_folder.Path));
    }

    private void Refuses(SafetensorsTensor[] tensors, string reason)
    {
        CnnException exception = Assert.Throws<CnnException>(() => SafetensorsWriter.Write(File, tensors));
        Assert.Equal("CannotSaveTensor", exception.Id);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    private static long Count(long[] shape) => shape.Aggregate(1L, (count, size) => count * size);

    private static float[] Floats(long[] shape) => [.. Enumerable.Range(0, (int)Count(shape)).Select(i => i / 3f)];

    private static long[] Whole(long[] shape) => [.. Enumerable.Range(0, (int)Count(shape)).Select(i => long.MinValue + i)];
}
