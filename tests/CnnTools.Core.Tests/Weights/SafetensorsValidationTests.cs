using CnnTools.Tests.Data;
using CnnTools.Weights;

namespace CnnTools.Tests.Weights;

/// <summary>Files that are not valid: each is an error that names the file and tells what is wrong.</summary>
public sealed class SafetensorsValidationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(new byte[0], "too few")]
    [InlineData(new byte[] { 2, 0, 0, 0, 0, 0, 0 }, "too few")]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 }, "begin with {")]
    [InlineData(new byte[] { 3, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}' }, "would be 3 bytes, the file has 10")]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, (byte)'{', (byte)'}' }, "the format allows")]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0x80, (byte)'{', (byte)'}' }, "the format allows")]
    [InlineData(new byte[] { 0x01, 0xE1, 0xF5, 0x05, 0, 0, 0, 0, (byte)'{', (byte)'}' }, "the format allows")]
    [InlineData(new byte[] { 0x00, 0xE1, 0xF5, 0x05, 0, 0, 0, 0, (byte)'{', (byte)'}' }, "the file has 10")]
    [InlineData(new byte[] { 2, 0, 0, 0, 0, 0, 0, 0, (byte)'{', 0xFF }, "not UTF-8")]
    public void A_bad_length_or_encoding(byte[] content, string reason) => Refuses(content, reason);

    [Theory]
    [InlineData("[]", "begin with {")]
    [InlineData(" {}", "begin with {")]
    [InlineData("{", "cannot be read")]
    [InlineData("{}{}", "cannot be read")]
    [InlineData("{} x", "cannot be read")]
    [InlineData("{}\0", "cannot be read")]
    [InlineData("""{"a":1}""", "'a' is no object")]
    [InlineData("""{"a":{}}""", "'a' lacks")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0]}}""", "'a' lacks")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", "'a' twice")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", "'a' twice")]
    [InlineData("""{"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", "'dtype' twice")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"}}""", "the metadata has 'k' twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", "'__metadata__' twice")]
    [InlineData("""{"__metadata__":{"k":1}}""", "'k' is no text")]
    [InlineData("""{"__metadata__":{"k":null}}""", "'k' is no text")]
    [InlineData("""{"__metadata__":null}""", "metadata are no object")]
    [InlineData("""{"\ud800":{}}""", "cannot be read")]
    [InlineData("""{"__metadata__":{"k":"\udc00"}}""", "cannot be read")]
    public void A_bad_header(string header, string reason) => Refuses(SafetensorsSamples.Make(header), reason);

    [Theory]
    [InlineData("\"F4\"", "[1]", "[0,4]", "unknown dtype 'F4'")]
    [InlineData("\"f32\"", "[1]", "[0,4]", "unknown dtype 'f32'")]
    [InlineData("\"F8E5M2\"", "[4]", "[0,4]", "unknown dtype")]
    [InlineData("\"12\"", "[1]", "[0,4]", "unknown dtype '12'")]
    [InlineData("32", "[1]", "[0,4]", "dtype that is no text")]
    [InlineData("null", "[1]", "[0,4]", "dtype that is no text")]
    [InlineData("\"F32\"", "[-1]", "[0,4]", "shape of other than whole numbers")]
    [InlineData("\"F32\"", "[1.0]", "[0,4]", "shape of other than whole numbers")]
    [InlineData("\"F32\"", "[\"1\"]", "[0,4]", "shape of other than whole numbers")]
    [InlineData("\"F32\"", "[[1]]", "[0,4]", "shape of other than whole numbers")]
    [InlineData("\"F32\"", "1", "[0,4]", "shape that is no list")]
    [InlineData("\"F32\"", "{}", "[0,4]", "shape that is no list")]
    [InlineData("\"F32\"", "[9223372036854775808]", "[0,4]", "shape of other than whole numbers")]
    [InlineData("\"F32\"", "[9223372036854775807,2]", "[0,4]", "beyond any size")]
    [InlineData("\"F32\"", "[4294967296,4294967296]", "[0,4]", "beyond any size")]
    [InlineData("\"F64\"", "[2305843009213693952]", "[0,4]", "beyond any size")]
    [InlineData("\"F32\"", "[2147483648]", "[0,4]", "takes 8589934592 bytes")]
    [InlineData("\"F32\"", "[2]", "[0,4]", "takes 8 bytes")]
    [InlineData("\"F32\"", "[]", "[0,4,4]", "3 data_offsets")]
    [InlineData("\"F32\"", "[]", "[0]", "1 data_offsets")]
    [InlineData("\"F32\"", "[]", "[-4,0]", "data_offsets of other than whole numbers")]
    [InlineData("\"F32\"", "[]", "[4,0]", "ends before it begins")]
    [InlineData("\"F32\"", "[]", "[0,9223372036854775807]", "the data end at 4")]
    [InlineData("\"F32\"", "[2]", "[0,8]", "the data end at 4")]
    [InlineData("\"U8\"", "[3]", "[1,4]", "from 0 on belong to no tensor")]
    [InlineData("\"U8\"", "[3]", "[0,3]", "1 bytes at its end")]
    public void A_bad_tensor_is_named(string dtype, string shape, string offsets, string reason) => Refuses(
        SafetensorsSamples.Make("{" + SafetensorsSamples.Entry("bad", dtype, shape, offsets) + "}", 1, 2, 3, 4),
        reason, reason.Contains("at its end", StringComparison.Ordinal) ? "" : "'bad'");

    [Theory]
    [InlineData("[0,2]", "[1,3]", "overlaps")]
    [InlineData("[0,2]", "[0,2]", "overlaps")]
    [InlineData("[0,1]", "[2,3]", "from 1 on belong to no tensor")]
    [InlineData("[0,1]", "[1,2]", "1 bytes at its end")]
    public void Data_belong_to_one_tensor_each(string first, string second, string reason)
    {
        static string Entry(string name, string offsets) =>
            SafetensorsSamples.Entry(name, "\"U8\"", $"[{offsets[3] - offsets[1]}]", offsets);
        Refuses(SafetensorsSamples.Make("{" + Entry("a", first) + "," + Entry("b", second) + "}", 1, 2, 3), reason);
    }

    [Fact]
    public void Data_without_a_tensor() => Refuses(SafetensorsSamples.Make("{}", 1), "1 bytes at its end");

    [Fact]
    public void Json_as_deep_as_a_well()
    {
        string deep = new string('[', 100_000) + new string(']', 100_000);
        Refuses(SafetensorsSamples.Make("{\"a\":{\"more\":" + deep + "}}"), "cannot be read");
    }

    [Fact]
    public void A_name_as_long_as_the_header_does_not_flood_the_message() =>
        Assert.InRange(Refuses(SafetensorsSamples.Make($$"""{"{{new string('n', 100_000)}}":1}"""), "nnn...").Message.Length, 1, 1000);

    private CnnException Refuses(byte[] content, params string[] reasons)
    {
        string path = _folder.Write("bad.safetensors", content);
        CnnException exception = Assert.Throws<CnnException>(() => SafetensorsFile.Open(path));
        Assert.Equal("CorruptFile", exception.Id);
        Assert.Equal(path, exception.Target);
        Assert.All(reasons, reason => Assert.Contains(reason, exception.Message, StringComparison.Ordinal));

        // Nothing keeps the file open.
        File.Delete(path);
        return exception;
    }
}
