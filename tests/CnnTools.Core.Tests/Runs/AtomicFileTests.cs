using System.Runtime.Versioning;
using CnnTools.Runs;
using CnnTools.Tests.Data;

namespace CnnTools.Tests.Runs;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Target => Path.Combine(_folder.Path, "weights.bin");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_file_and_a_replaced_one_hold_what_was_written()
    {
        AtomicFile.Write(Target, stream => stream.Write("first, and longer"u8));
        AtomicFile.Write(Target, stream => stream.Write("second"u8));
        Assert.Equal("second", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder.Path));
    }

    [UnixFact]
    public void A_failure_names_the_file_and_not_what_it_was_first_written_to()
    {
        // No file can be made there, whoever asks.
        CnnException exception = Assert.Throws<CnnException>(() => AtomicFile.Write("/proc/weights.bin", _ => { }));
        Assert.DoesNotContain(".tmp", exception.Message, StringComparison.Ordinal);
        Assert.Equal(("CannotWrite", "/proc/weights.bin"), (exception.Id, exception.Target));
    }

    [Theory]
    [InlineData("Access to the path '/runs/.1e5.tmp' is denied.", true, "access is denied.")]
    [InlineData("No space left on device : '/runs/.run.json.lock'", false, "No space left on device.")]
    [InlineData("The process cannot access the file '/it's/.run.json.lock' because it is in use.", false, "The process cannot access the file because it is in use.")]
    public void A_reason_names_no_file_that_the_user_never_saw(string message, bool isDenied, string reason)
    {
        Exception inner = isDenied ? new UnauthorizedAccessException(message) : new IOException(message);
        Assert.Equal($"'/runs' cannot be written: {reason}", Errors.CannotWrite("/runs", inner).Message);
        Assert.Equal($"'/runs' cannot be read: {reason}", Errors.CannotRead("/runs", inner).Message);
    }

    [Fact]
    public void A_failure_in_the_middle_leaves_the_old_file_and_nothing_else()
    {
        File.WriteAllText(Target, "old");
        CnnException exception = Assert.Throws<CnnException>(() => AtomicFile.Write(Target, stream =>
        {
            stream.Write(new byte[1 << 20]);
            throw new IOException("No space left on device");
        }));
        Assert.Equal("CannotWrite", exception.Id);
        Assert.Equal(Target, exception.Target);
        Assert.Contains("No space left", exception.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void What_the_writer_throws_of_its_own_comes_through()
    {
        Assert.Throws<InvalidTimeZoneException>(() => AtomicFile.Write(Target, _ => throw new InvalidTimeZoneException()));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Until_the_end_readers_see_the_old_file()
    {
        File.WriteAllText(Target, "old");
        AtomicFile.Write(Target, stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.Equal("old", File.ReadAllText(Target));
        });
        Assert.Equal("new", File.ReadAllText(Target));
    }

    [Fact]
    public void A_missing_folder_is_an_error_that_names_it()
    {
        string folder = Path.Combine(_folder.Path, "missing");
        CnnException exception = Assert.Throws<CnnException>(
            () => AtomicFile.Write(Path.Combine(folder, "weights.bin"), _ => { }));
        Assert.Equal("FolderNotFound", exception.Id);
        Assert.Contains(folder, exception.Remedy, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void A_folder_in_its_place_is_an_error() =>
        Assert.Equal("CannotWrite", Assert.Throws<CnnException>(() => AtomicFile.Write(_folder.Path, _ => { })).Id);

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void A_path_that_is_none_is_an_error(string path) =>
        Assert.Equal("CannotWrite", Assert.Throws<CnnException>(() => AtomicFile.Write(path, _ => { })).Id);

    [Fact]
    public void A_name_as_long_as_names_may_be_is_written()
    {
        string path = Path.Combine(_folder.Path, new string('n', 250));
        AtomicFile.Write(path, stream => stream.WriteByte(1));
        Assert.True(File.Exists(path));
    }

    [UnixFact]
    public void A_device_is_not_replaced_by_a_file() =>
        Assert.Equal("CannotWrite", Assert.Throws<CnnException>(() => AtomicFile.Write("/dev/null", _ => { })).Id);

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public void A_link_stays_a_link_and_permissions_stay()
    {
        string link = Path.Combine(_folder.Path, "link");
        File.WriteAllText(Target, "old");
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.SetUnixFileMode(Target, Private);
        File.CreateSymbolicLink(link, Target);
        AtomicFile.Write(link, stream => stream.Write("new"u8));
        Assert.NotNull(new FileInfo(link).LinkTarget);
        Assert.Equal("new", File.ReadAllText(Target));
        Assert.Equal(Private, File.GetUnixFileMode(Target));
    }

    [Fact]
    public void What_a_killed_process_left_goes_with_the_next_write()
    {
        // The largest process id that Linux gives is 2^22.
        string end = $"-{Guid.NewGuid():N}.tmp";
        string dead = _folder.Write($".weights.bin.{int.MaxValue}{end}", [1]);
        string[] kept =
        [
            _folder.Write($".weights.bin.{Environment.ProcessId}{end}", [1]),
            _folder.Write($".other.bin.{int.MaxValue}{end}", [1]),
            _folder.Write($".weights.bin.{int.MaxValue}.tmp", [1]),
            _folder.Write($".weights.bin.more.{int.MaxValue}{end}", [1]),
        ];
        string held = _folder.Write($".weights.bin.{int.MaxValue - 1}{end}", [1]);
        using (new FileStream(held, FileMode.Open, FileAccess.Write, FileShare.None))
        {
            AtomicFile.Write(Target, stream => stream.WriteByte(1));
        }

        Assert.False(File.Exists(dead));
        Assert.Equal(kept.Append(held).Append(Target).Order(), Directory.GetFiles(_folder.Path).Order());
    }

    [Fact]
    public void Asking_whether_it_can_be_written_leaves_nothing()
    {
        AtomicFile.RequireWritable(Target);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        Assert.Equal("FolderNotFound", Assert.Throws<CnnException>(
            () => AtomicFile.RequireWritable(Path.Combine(_folder.Path, "none", "file"))).Id);
    }

    [Fact]
    public void Many_writers_at_once_leave_one_whole_file()
    {
        Parallel.For(0, 16, i => AtomicFile.Write(Target, stream => stream.Write(new string((char)('a' + i), 100_000).Select(c => (byte)c).ToArray())));
        string content = File.ReadAllText(Target);
        Assert.Equal(100_000, content.Length);
        Assert.Single(content.Distinct());
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder.Path));
    }
}
