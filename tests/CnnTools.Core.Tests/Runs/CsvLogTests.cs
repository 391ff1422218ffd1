using System.Globalization;
using CnnTools.Runs;
using CnnTools.Tests.Data;

namespace CnnTools.Tests.Runs;

public sealed class CsvLogTests : IDisposable
{
    private static readonly string[] Columns = ["Run", "Epoch", "Loss"];
    private readonly TemporaryFolder _folder = new();

    private string LogPath => Path.Combine(_folder.Path, "log.csv");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_row_is_in_the_file_as_soon_as_it_is_written()
    {
        using CsvLog log = CsvLog.Open(LogPath, Columns, CsvLogMode.New);
        Assert.Equal("Run,Epoch,Loss\n", File.ReadAllText(LogPath));
        log.Write(["a", 1, 0.5]);
        Assert.Equal("Run,Epoch,Loss\na,1,0.5\n", File.ReadAllText(LogPath));
        log.Write(["b", 2, null]);
        log.Flush();
        Assert.Equal("Run,Epoch,Loss\na,1,0.5\nb,2,\n", File.ReadAllText(LogPath));
    }

    [Fact]
    public void When_it_is_closed_only_the_log_is_there()
    {
        CsvLog.Open(LogPath, Columns, CsvLogMode.New).Dispose();
        Assert.Equal([LogPath], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void New_leaves_a_file_alone_that_is_there()
    {
        File.WriteAllText(LogPath, "mine");
        CnnException exception = Assert.Throws<CnnException>(() => CsvLog.Open(LogPath, Columns, CsvLogMode.New));
        Assert.Equal("FileExists", exception.Id);
        Assert.Contains("-Force", exception.Remedy, StringComparison.Ordinal);
        Assert.Contains("-Append", exception.Remedy, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(LogPath));
        Assert.Equal([LogPath], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Overwrite_starts_anew() => Assert.Equal("Run,Epoch,Loss\na,1,2\n", WriteInto("old,content\n1,2\n", CsvLogMode.Overwrite));

    [Theory]
    [InlineData("Run,Epoch,Loss\nx,0,1\n", "Run,Epoch,Loss\nx,0,1\na,1,2\n")]
    [InlineData("Run,Epoch,Loss\nx,0,1", "Run,Epoch,Loss\nx,0,1\na,1,2\n")]
    [InlineData("Run,Epoch,Loss", "Run,Epoch,Loss\na,1,2\n")]
    [InlineData("\"Run\",\"Epoch\",\"Loss\"\r\nx,0,1\r\n", "\"Run\",\"Epoch\",\"Loss\"\r\nx,0,1\r\na,1,2\n")]
    [InlineData("\uFEFFRun,Epoch,Loss\n", "\uFEFFRun,Epoch,Loss\na,1,2\n")]
    [InlineData("", "Run,Epoch,Loss\na,1,2\n")]
    [InlineData("\uFEFF", "Run,Epoch,Loss\na,1,2\n")]
    [InlineData("\n\n", "Run,Epoch,Loss\na,1,2\n")]
    [InlineData(null, "Run,Epoch,Loss\na,1,2\n")]
    public void Append_goes_on_below_the_last_row(string? before, string after) =>
        Assert.Equal(after, WriteInto(before, CsvLogMode.Append));

    [Theory]
    [InlineData("Run,Epoch\n")]
    [InlineData("Run,Epoch,Loss,More\n")]
    [InlineData("Run,Loss,Epoch\n")]
    [InlineData("run,epoch,loss\n")]
    [InlineData("Run;Epoch;Loss\n")]
    public void Append_refuses_other_columns(string before)
    {
        File.WriteAllText(LogPath, before);
        CnnException exception = Assert.Throws<CnnException>(() => CsvLog.Open(LogPath, Columns, CsvLogMode.Append));
        Assert.Equal("LogDiffers", exception.Id);
        Assert.Contains("Run, Epoch, Loss are to be written", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(LogPath));
    }

    [Fact]
    public void Append_refuses_a_file_where_a_quote_was_never_closed()
    {
        File.WriteAllText(LogPath, "Run,Epoch,Loss\n\"x,1,2\n");
        Assert.Equal("CorruptFile", Assert.Throws<CnnException>(() => CsvLog.Open(LogPath, Columns, CsvLogMode.Append)).Id);
    }

    [Fact]
    public void Append_refuses_another_encoding()
    {
        File.WriteAllText(LogPath, "Run,Epoch,Loss\n", System.Text.Encoding.Unicode);
        CnnException exception = Assert.Throws<CnnException>(() => CsvLog.Open(LogPath, Columns, CsvLogMode.Append));
        Assert.Equal("CorruptFile", exception.Id);
        Assert.Contains("utf-16", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CsvLogMode.New)]
    [InlineData(CsvLogMode.Overwrite)]
    [InlineData(CsvLogMode.Append)]
    public void A_second_writer_is_refused_until_the_first_ends(CsvLogMode mode)
    {
        using (CsvLog first = CsvLog.Open(LogPath, Columns, CsvLogMode.New))
        {
            first.Write(["a", 1, 2]);
            Assert.Equal("FileInUse", Assert.Throws<CnnException>(() => CsvLog.Open(LogPath, Columns, mode)).Id);
            first.Write(["b", 1, 2]);
        }

        Assert.Equal("Run,Epoch,Loss\na,1,2\nb,1,2\n", File.ReadAllText(LogPath));
        CsvLog.Open(LogPath, Columns, CsvLogMode.Append).Dispose();
    }

    [Fact]
    public void A_lock_file_that_a_killed_process_left_locks_nothing()
    {
        File.WriteAllText(Path.Combine(_folder.Path, ".log.csv.lock"), "");
        CsvLog.Open(LogPath, Columns, CsvLogMode.New).Dispose();
        Assert.Equal([LogPath], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Writers_in_turn_never_lose_a_row()
    {
        CsvLog.Open(LogPath, Columns, CsvLogMode.New).Dispose();
        int written = 0;
        Parallel.For(0, 200, i =>
        {
            try
            {
                using CsvLog log = CsvLog.Open(LogPath, Columns, CsvLogMode.Append);
                log.Write(["run", i, 0]);
                Interlocked.Increment(ref written);
            }
            catch (CnnException exception) when (exception.Id == "FileInUse")
            {
            }
        });
        Assert.Equal(written, CsvTable.Read(LogPath).Rows.Count);
    }

    [Fact]
    public void A_missing_folder_is_an_error_at_once() =>
        Assert.Equal("FolderNotFound", Assert.Throws<CnnException>(
            () => CsvLog.Open(Path.Combine(_folder.Path, "none", "log.csv"), Columns, CsvLogMode.New)).Id);

    [UnixFact(Needs = "/dev/full")]
    public void A_full_disk_is_an_error_at_once()
    {
        File.CreateSymbolicLink(LogPath, "/dev/full");
        Assert.Equal("CannotWrite", Assert.Throws<CnnException>(() => CsvLog.Open(LogPath, Columns, CsvLogMode.Append)).Id);
    }

    [Fact]
    public void Values_are_the_same_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            using (CsvLog log = CsvLog.Open(LogPath, ["a", "b", "c", "d", "e", "f"], CsvLogMode.New))
            {
                log.Write([0.1, 1e-7f, new DateTime(2026, 11, 21, 5, 0, 0, DateTimeKind.Utc), 1234567L, CsvLogMode.Append, double.NaN]);
                log.Write(["a,b", "say \"x\"", " padded ", "two\r\nlines", true, TimeSpan.FromSeconds(90)]);
            }

            CsvTable table = CsvTable.Read(LogPath);
            Assert.Equal(["0.1", "1E-07", "2026-11-21T05:00:00.0000000Z", "1234567", "Append", "NaN"], table.Rows[0]);
            Assert.Equal(["a,b", "say \"x\"", " padded ", "two\r\nlines", "True", "00:01:30"], table.Rows[1]);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_row_of_another_length_is_refused()
    {
        using CsvLog log = CsvLog.Open(LogPath, Columns, CsvLogMode.New);
        Assert.Throws<ArgumentException>(() => log.Write(["a"]));
        Assert.Equal("Run,Epoch,Loss\n", File.ReadAllText(LogPath));
    }

    private string WriteInto(string? before, CsvLogMode mode)
    {
        if (before is not null)
        {
            File.WriteAllText(LogPath, before);
        }

        using (CsvLog log = CsvLog.Open(LogPath, Columns, mode))
        {
            log.Write(["a", 1, 2]);
        }

        return System.Text.Encoding.UTF8.GetString(File.ReadAllBytes(LogPath));
    }
}
