using System.Buffers.Binary;
using System.IO.Compression;
using CnnTools.Tests.Data;
using CnnTools.Weights;
using static CnnTools.Tests.Weights.PyTorchSamples;

namespace CnnTools.Tests.Weights;

/// <summary>Zip archives that lie about themselves.</summary>
public sealed class StoredZipTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _good = Zip(Pickle(Body), Storages);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_bomb_is_refused_unopened()
    {
        byte[] bomb = Archive(CompressionLevel.SmallestSize, ("a/data.pkl", new byte[50_000_000]));
        Assert.InRange(bomb.Length, 0, 100_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("compressed", Fault(bomb), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void What_is_no_archive_of_tensors_is_refused()
    {
        Assert.Contains("without data.pkl", Fault(Archive(("readme.txt", [1]))), StringComparison.Ordinal);
        Assert.Contains("missing", Fault([.. "PK\x3\x4 and nothing more"u8]), StringComparison.Ordinal);
        Assert.Contains("twice", Fault(Archive(("a/data.pkl", Pickle(Body)), ("a/data.pkl", Pickle(Body)))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, 0x7FFFFFFF)]
    [InlineData(24, 0x7FFFFFFF)]
    [InlineData(42, 0x7FFFFFFF)]
    [InlineData(42, -1)]
    [InlineData(24, -1)]
    public void A_directory_entry_that_lies_is_refused(int field, int value)
    {
        byte[] file = [.. _good];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(Directory(file) + field), value);
        Fault(file);
    }

    [Fact]
    public void Entries_that_overlap_are_refused()
    {
        byte[] file = [.. _good];
        int first = Directory(file);
        int second = first + 4 + file.AsSpan(first + 4).IndexOf("PK\x1\x2"u8);

        // The second entry's place becomes the first one's.
        file.AsSpan(first + 42, 4).CopyTo(file.AsSpan(second + 42));
        Assert.Contains("overlaps", Fault(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(12, 0x7FFFFFFF)]
    [InlineData(16, 0x7FFFFFFF)]
    [InlineData(16, -1)]
    public void A_directory_elsewhere_than_in_the_file_is_refused(int field, int value)
    {
        byte[] file = [.. _good];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(file.Length - 22 + field), value);
        Assert.Contains("directory", Fault(file), StringComparison.Ordinal);
    }

    private static int Directory(byte[] file) => file.AsSpan().IndexOf("PK\x1\x2"u8);

    private string Fault(byte[] content)
    {
        CnnException error = Assert.Throws<CnnException>(() => PyTorchFile.Open(_folder.Write("a.pth", content)));
        Assert.Equal("CorruptFile", error.Id);
        return error.Message;
    }
}
