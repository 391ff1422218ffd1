using CnnTools.Tests.Data;
using CnnTools.Weights;
using static CnnTools.Tests.Weights.PyTorchSamples;

namespace CnnTools.Tests.Weights;

public sealed class PyTorchReadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tensors_come_with_types_shapes_and_values_in_their_own_order(bool legacy)
    {
        byte[] content = legacy
            ? Legacy(Pickle(Body), ("0", 6, Storages[0].Data), ("1", 1, Storages[1].Data))
            : Zip(Pickle(Body), Storages);
        using IWeightFile file = WeightFile.Open(_folder.Write("net.any", content));
        Assert.Equal(["w F32 [2, 3]", "t F32 [3, 2]", "n I64 []"], file.Tensors.Select(t => t.ToString()));
        Assert.Equal([1, 2, 3, 4, 5, 6], file.Find("w")!.ReadFloats());
        Assert.Equal([1, 4, 2, 5, 3, 6], file.Find("t")!.ReadFloats());
        Assert.Equal([42], file.Find("n")!.ReadInt64s());
        Assert.Equal("TensorType", Assert.Throws<CnnException>(() => file.Find("n")!.ReadFloats()).Id);
        Assert.Null(file.Find("absent"));
    }

    [Fact]
    public void Views_begin_and_step_where_they_say()
    {
        byte[] body = Dict(
            ("row", Tensor(Storage("0", 6), 3, [3], [1])),
            ("column", Tensor(Storage("0", 6), 1, [2, 1], [3, 1])),
            ("repeated", Tensor(Storage("0", 6), 0, [2, 3], [0, 1])),
            ("empty", Tensor(Storage("0", 6), 6, [2, 0], [1, 1])),
            ("channels last", Tensor(Storage("0", 6), 0, [1, 3, 1, 2], [6, 1, 6, 3])));
        using PyTorchFile file = Open(Zip(Pickle(body), Storages));
        Assert.Equal([4, 5, 6], file.Find("row")!.ReadFloats());
        Assert.Equal([2, 5], file.Find("column")!.ReadFloats());
        Assert.Equal([1, 2, 3, 1, 2, 3], file.Find("repeated")!.ReadFloats());
        Assert.Empty(file.Find("empty")!.ReadFloats());
        Assert.Equal([1, 4, 2, 5, 3, 6], file.Find("channels last")!.ReadFloats());
    }

    [Fact]
    public void A_tensor_of_an_untyped_storage_has_its_own_type()
    {
        byte[] storage = [.. Tuple(Word("storage"), Global("torch.storage", "UntypedStorage"), Word("0"), Word("cpu"), Number(4)), (byte)'Q'];
        byte[] tensor =
        [
            .. Global("torch._utils", "_rebuild_tensor_v3"),
            .. Tuple(storage, Number(1), Tuple(Number(1)), Tuple(Number(1)), [0x89], OrderedDict, Global("torch", "float16")), (byte)'R',
        ];
        using PyTorchFile file = Open(Zip(Pickle(Dict(("h", tensor))), ("0", [0, 0, 0, 0x3C])));
        Assert.Equal([1], file.Find("h")!.ReadFloats());
    }

    [Fact]
    public void The_dictionary_of_tensors_is_found_in_a_checkpoint()
    {
        byte[] one = Tensor(Storage("0", 6), 0, [1], [1]);
        Assert.Equal(["a"], Names(Dict(("epoch", Number(3)), ("any", Dict(("a", one))), ("rng", one))));
        Assert.Equal(["b"], Names(Dict(("ema", Dict(("a", one))), ("state_dict", Dict(("b", one))))));
        Assert.Equal(["c"], Names(Dict(("model", Dict(("c", one))), ("ema", Dict(("a", one))))));
        Assert.Equal(["a", "b.weight"], Names(Dict(("module.a", one), ("module.b.weight", one))));
        Assert.Equal(["a", "b"], Names(Dict(("a", one), ("b", one), ("extra", Dict(("scale", one))))));
        Assert.Equal(["module.a", "b"], Names(Dict(("module.a", one), ("b", one))));

        Assert.Contains("several", Fault(Zip(Pickle(Dict(("x", Dict(("a", one))), ("y", Dict(("a", one))))), Storages)), StringComparison.Ordinal);
        Assert.Contains("no dictionary", Fault(Zip(Pickle(Dict(("epoch", Number(1)))), Storages)), StringComparison.Ordinal);
        Assert.Contains("no dictionary", Fault(Zip(Pickle(one), Storages)), StringComparison.Ordinal);

        string[] Names(byte[] body)
        {
            using PyTorchFile file = Open(Zip(Pickle(body), Storages));
            return [.. file.Tensors.Select(t => t.Name)];
        }
    }

    [Theory]
    [InlineData(0, 7, 1, "beyond")]
    [InlineData(4, 3, 1, "beyond")]
    [InlineData(0, 2, 6, "beyond")]
    [InlineData(-1, 2, 1, "beyond")]
    [InlineData(0, 2, -1, "whole number")]
    [InlineData(0, -2, 1, "whole number")]
    public void A_tensor_that_does_not_lie_in_its_storage_is_refused(int offset, int size, int stride, string reason) => Assert.Contains(
        reason, Fault(Zip(Pickle(Dict(("w", Tensor(Storage("0", 6), offset, [size], [stride])))), Storages)), StringComparison.Ordinal);

    [Fact]
    public void Sizes_beyond_all_measure_are_refused()
    {
        int[] sizes = [2_000_000_000, 2_000_000_000, 2_000_000_000];
        Assert.Contains("beyond", Fault(Zip(Pickle(Dict(("w", Tensor(Storage("0", 6), 0, sizes, sizes)))), Storages)), StringComparison.Ordinal);
        int[] many = [.. Enumerable.Repeat(1, 9)];
        Assert.Contains("9 dimensions", Fault(Zip(Pickle(Dict(("w", Tensor(Storage("0", 6), 0, many, many)))), Storages)), StringComparison.Ordinal);
        Assert.Contains("cut off", Fault(Zip(Pickle(Dict(("w", Tensor(Storage("0", 2_000_000_000), 0, [1], [1])))), Storages)), StringComparison.Ordinal);
        Assert.Contains("cut off", Fault(Zip(Pickle(Dict(("w", Tensor(Storage("../0", 1), 0, [1], [1])))), Storages)), StringComparison.Ordinal);
        Assert.Contains("cut off", Fault(Legacy(Pickle(Body), ("0", long.MaxValue, []))), StringComparison.Ordinal);
        Assert.Contains("two types", Fault(Zip(Pickle(Dict(("a", Storage("0", 6)), ("b", Storage("0", 3, "DoubleStorage")))), Storages)), StringComparison.Ordinal);
    }

    [Fact]
    public void Big_endian_files_are_refused()
    {
        Assert.Contains("big-endian", Fault(Archive(("a/data.pkl", Pickle(Body)), ("a/byteorder", [.. "big"u8]))), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_cut_is_an_error_of_ours()
    {
        byte[][] files = [Zip(Pickle(Body), Storages), Legacy(Pickle(Body), ("0", 6, Storages[0].Data), ("1", 1, Storages[1].Data))];
        foreach (byte[] file in files)
        {
            for (int length = 8; length < file.Length; length++)
            {
                Fault(file[..length]);
            }
        }
    }

    private PyTorchFile Open(byte[] content) => PyTorchFile.Open(_folder.Write($"{Guid.NewGuid()}.pth", content));

    private string Fault(byte[] content)
    {
        CnnException error = Assert.Throws<CnnException>(() => Open(content));
        Assert.Equal("CorruptFile", error.Id);
        return error.Message;
    }
}
