using System.Buffers.Binary;
using CnnTools.Tests.Data;
using CnnTools.Weights;

namespace CnnTools.Tests.Weights;

public sealed class SafetensorsReadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tensors_come_in_the_order_of_their_data_with_types_and_shapes()
    {
        using SafetensorsFile file = Open(SafetensorsSamples.Good);
        Assert.Equal(["n I64 []", "w F32 [2, 1]", "h F16 [3]"], file.Tensors.Select(t => t.ToString()));
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal([42], file.Tensors[0].ReadInt64s());
        Assert.Equal([1, -2], file.Find("w")!.ReadFloats());
        Assert.Equal([1, -2, float.PositiveInfinity], file.Find("h")!.ReadFloats());
        Assert.Equal([0, 0x3C, 0, 0xC0, 0, 0x7C], file.Find("h")!.ReadBytes());
        Assert.Null(file.Find("absent"));
    }

    [Fact]
    public void The_order_in_the_header_does_not_matter()
    {
        using SafetensorsFile file = Open(SafetensorsSamples.Make(
            """{"b":{"data_offsets":[1,2],"dtype":"U8","shape":[1]},"empty":{"dtype":"F32","shape":[3,0],"data_offsets":[1,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}   """,
            7, 8));
        Assert.Equal(["a", "empty", "b"], file.Tensors.Select(t => t.Name));
        Assert.Empty(file.Find("empty")!.ReadFloats());
        Assert.Equal([8], file.Find("b")!.ReadInt64s());
    }

    [Fact]
    public void A_file_without_tensors_is_one() => Assert.Empty(Open(SafetensorsSamples.Make("{}")).Tensors);

    [Fact]
    public void Every_half_precision_value_is_read_exactly()
    {
        byte[] data = new byte[65536 * 2];
        for (int i = 0; i < 65536; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(i * 2), (ushort)i);
        }

        using SafetensorsFile half = Open(SafetensorsSamples.Make("""{"t":{"dtype":"F16","shape":[65536],"data_offsets":[0,131072]}}""", data));
        using SafetensorsFile brain = Open(SafetensorsSamples.Make("""{"t":{"dtype":"BF16","shape":[65536],"data_offsets":[0,131072]}}""", data));
        float[] halves = half.Tensors[0].ReadFloats();
        float[] brains = brain.Tensors[0].ReadFloats();
        for (int i = 0; i < 65536; i++)
        {
            Assert.Equal((float)BitConverter.UInt16BitsToHalf((ushort)i), halves[i]);
            Assert.Equal((uint)i << 16, BitConverter.SingleToUInt32Bits(brains[i]));
        }
    }

    [Theory]
    [InlineData("F64", new byte[] { 0, 0, 0, 0, 0, 0, 0xF8, 0x3F }, 1.5f)]
    [InlineData("F64", new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xEF, 0x7F }, float.PositiveInfinity)]
    public void Double_precision_is_rounded(string dtype, byte[] data, float expected)
    {
        using SafetensorsFile file = Open(MakeOne(dtype, data));
        Assert.Equal([expected], file.Tensors[0].ReadFloats());
    }

    [Theory]
    [InlineData("I32", new byte[] { 0xFE, 0xFF, 0xFF, 0xFF }, -2)]
    [InlineData("U32", new byte[] { 0xFE, 0xFF, 0xFF, 0xFF }, 4294967294)]
    [InlineData("I16", new byte[] { 0xFE, 0xFF }, -2)]
    [InlineData("U16", new byte[] { 0xFE, 0xFF }, 65534)]
    [InlineData("I8", new byte[] { 0xFE }, -2)]
    [InlineData("U8", new byte[] { 0xFE }, 254)]
    [InlineData("BOOL", new byte[] { 1 }, 1)]
    public void Whole_numbers_are_read(string dtype, byte[] data, long expected)
    {
        using SafetensorsFile file = Open(MakeOne(dtype, data));
        Assert.Equal([expected], file.Tensors[0].ReadInt64s());
        Assert.Equal(data, file.Tensors[0].ReadBytes());
        Assert.Equal("TensorType", Assert.Throws<CnnException>(() => file.Tensors[0].ReadFloats()).Id);
    }

    [Fact]
    public void Floats_are_no_whole_numbers()
    {
        using SafetensorsFile file = Open(SafetensorsSamples.Good);
        Assert.Equal("TensorType", Assert.Throws<CnnException>(() => file.Find("w")!.ReadInt64s()).Id);
    }

    [Fact]
    public void A_file_that_shrinks_while_it_is_open_is_an_error_that_names_the_tensor()
    {
        string path = _folder.Write("t.safetensors", SafetensorsSamples.Good);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        using (FileStream stream = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            stream.SetLength(stream.Length - 8);
        }

        CnnException exception = Assert.Throws<CnnException>(() => file.Find("w")!.ReadFloats());
        Assert.Equal("CorruptFile", exception.Id);
        Assert.Contains("'w'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_a_folder_and_what_is_no_path_are_errors()
    {
        Assert.Equal("CannotRead", Assert.Throws<CnnException>(() => SafetensorsFile.Open("")).Id);
        Assert.Equal("CannotRead", Assert.Throws<CnnException>(() => SafetensorsFile.Open("a\0b")).Id);
        Assert.Equal("FileNotFound", Assert.Throws<CnnException>(() => SafetensorsFile.Open(Path.Combine(_folder.Path, "no"))).Id);
        Assert.Equal("CannotRead", Assert.Throws<CnnException>(() => SafetensorsFile.Open(_folder.Path)).Id);
    }

    private static byte[] MakeOne(string dtype, byte[] data) => SafetensorsSamples.Make(
        "{" + SafetensorsSamples.Entry("t", $"\"{dtype}\"", "[1]", $"[0,{data.Length}]") + "}", data);

    private SafetensorsFile Open(byte[] content) =>
        SafetensorsFile.Open(_folder.Write($"{Guid.NewGuid()}.safetensors", content));
}
