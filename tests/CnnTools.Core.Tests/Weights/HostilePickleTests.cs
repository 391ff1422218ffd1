using System.Text;
using CnnTools.Tests.Data;
using CnnTools.Weights;
using static CnnTools.Tests.Weights.PyTorchSamples;

namespace CnnTools.Tests.Weights;

/// <summary>Pickles that would run something in Python. Each is refused, and what it would have made is not there.</summary>
public sealed class HostilePickleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Marker => Path.Combine(_folder.Path, "marker");

    public static TheoryData<string, string> Programs => new()
    {
        { "reduce", "os.system" },
        { "deep in a state dict", "os.system" },
        { "attributes", "os.system" },
        { "eval", "builtins.eval" },
        { "stack global", "builtins.exec" },
        { "new object", "subprocess.Popen" },
        { "a global alone", "numpy.core.multiarray.scalar" },
        { "a near name", "torch._utils._rebuild_tensor_v2.__globals__" },
    };

    public static TheoryData<string> Operations => ["ext1", "persid", "inst", "obj", "a foreign id", "a module's id", "build on a tensor", "call of a tensor"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Programs))]
    public void What_asks_for_more_than_tensors_is_refused_by_name(string program, string name)
    {
        foreach (byte[] file in new[] { Zip(Pickle(Make(program)), Storages), Legacy(Pickle(Make(program))) })
        {
            CnnException error = Refuse(file);
            Assert.Equal("PickleRefused", error.Id);
            Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void What_no_tensor_needs_is_no_valid_file(string operation) =>
        Assert.Contains(Refuse(Zip(Pickle(Make(operation)), Storages)).Id, new[] { "CorruptFile", "PickleRefused" });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void The_pickles_before_the_state_dict_are_no_way_in_either(int place)
    {
        byte[] hostile = Pickle(Make("reduce"));
        byte[] start = [0x80, 4, 0x95, .. Enumerable.Repeat((byte)1, 8)];
        byte[] file = place == 0 ? [.. start, .. hostile] : place == 1 ? [.. Legacy(hostile)] : [.. Legacy(Pickle(Body))[..^10], .. hostile];
        Refuse(file);
    }

    [Fact]
    public void Nesting_and_repetition_take_no_memory()
    {
        // Each tuple holds the one before twice: 2^1000 leaves to whom walks it.
        byte[] doubling = [(byte)')', .. Enumerable.Repeat((byte[])[(byte)'q', 0, (byte)'h', 0, 0x86], 1000).SelectMany(o => o)];
        byte[] deep = [.. Enumerable.Repeat((byte)']', 100_000), .. Enumerable.Repeat((byte)'a', 99_999)];
        long before = GC.GetAllocatedBytesForCurrentThread();
        using (PyTorchFile.Open(_folder.Write("a.pth", Zip(Pickle(Dict(("x", doubling), ("y", deep), ("z", Body))), Storages))))
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
        }
    }

    private byte[] Make(string program)
    {
        byte[] command = Tuple(Word($"touch {Marker}"));
        byte[] system = [.. Global("os", "system"), .. command, (byte)'R'];
        byte[] tensor = Tensor(Storage("0", 6), 0, [1], [1]);
        return program switch
        {
            "reduce" => system,
            "deep in a state dict" => Dict(("w", tensor), ("x", Dict(("y", Tuple(Tuple(system)))))),
            "attributes" => [.. Dict(("w", tensor)), .. system, (byte)'b'],
            "eval" => [.. Global("builtins", "eval"), .. Tuple(Word($"open('{Marker}', 'w')")), (byte)'R'],
            "stack global" => [.. Short("builtins"), .. Short("exec"), 0x93, .. Tuple(Word($"open('{Marker}', 'w')")), (byte)'R'],
            "new object" => [.. Global("subprocess", "Popen"), .. command, 0x81],
            "a global alone" => Dict(("w", tensor), ("x", Global("numpy.core.multiarray", "scalar"))),
            "a near name" => Dict(("w", tensor), ("x", Global("torch._utils", "_rebuild_tensor_v2.__globals__"))),
            "ext1" => Dict(("w", tensor), ("x", [0x82, 1])),
            "persid" => Dict(("w", tensor), ("x", [(byte)'P', .. "os.system\n"u8])),
            "inst" => [(byte)'(', .. Word($"touch {Marker}"), (byte)'i', .. "os\nsystem\n"u8],
            "obj" => [(byte)'(', .. Global("os", "system"), .. Word($"touch {Marker}"), (byte)'o'],
            "a foreign id" => Dict(("w", tensor), ("x", [.. Word("anything"), (byte)'Q'])),
            "a module's id" => Dict(("w", tensor), ("x", [.. Tuple(Word("module"), Global("torch", "FloatStorage"), Word("file"), Word("source")), (byte)'Q'])),
            "build on a tensor" => [.. tensor, (byte)'}', (byte)'b'],
            "call of a tensor" => [.. tensor, .. command, (byte)'R'],
            _ => throw new ArgumentException(program),
        };
    }

    private static byte[] Short(string text) => [0x8C, (byte)text.Length, .. Encoding.UTF8.GetBytes(text)];

    private CnnException Refuse(byte[] file)
    {
        CnnException error = Assert.Throws<CnnException>(() => PyTorchFile.Open(_folder.Write("hostile.pth", file)));
        Assert.False(File.Exists(Marker));
        return error;
    }
}
