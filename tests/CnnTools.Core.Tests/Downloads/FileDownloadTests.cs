using System.Security.Cryptography;
using CnnTools.Downloads;
using CnnTools.Tests.Data;

namespace CnnTools.Tests.Downloads;

public sealed class FileDownloadTests : IDisposable
{
    private const int Length = 300_000;

    private static readonly byte[] Content = [.. Enumerable.Range(0, Length).Select(i => (byte)(i * i / 251))];
    private static readonly RemoteFile Remote = new("data.bin", Length, Convert.ToHexStringLower(SHA256.HashData(Content)));

    private readonly TemporaryFolder _folder = new();
    private readonly BrittleServer _server = new(Content);
    private readonly HttpClient _client = FileDownload.CreateClient();

    private string Target => Path.Combine(_folder.Path, "set", "data.bin");

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_comes_whole_and_its_way_is_told(bool tellsLength)
    {
        _server.TellsLength = tellsLength;
        DownloadProgress[] progress = [.. Fetch()];
        Assert.Equal(Length, progress[^1].Received);
        RequireWhole();
        Assert.Equal([0], _server.Asked);
        Assert.True(FileDownload.IsThere(Remote, Target, CancellationToken.None));
    }

    [Fact]
    public void A_connection_that_breaks_is_taken_up_where_it_ended()
    {
        (_server.BreaksAfter, _server.Breaks) = (100_000, 2);
        Assert.Equal(Length, Fetch().Last().Received);
        RequireWhole();
        Assert.Equal([0, 100_000, 200_000], _server.Asked);
    }

    [Fact]
    public void One_that_breaks_for_good_is_told_and_a_later_call_goes_on()
    {
        (_server.BreaksAfter, _server.TellsLength) = (0, true);
        Assert.Equal("DownloadFailed", Failure().Id);
        (_server.BreaksAfter, _server.Breaks) = (120_000, 1);
        using (IEnumerator<DownloadProgress> steps = Fetch().GetEnumerator())
        {
            // Ctrl+C after the first piece.
            Assert.True(steps.MoveNext());
        }

        Assert.False(File.Exists(Target));
        long kept = new FileInfo(Target + ".part").Length;
        Assert.InRange(kept, 1, 120_000);
        _server.Asked.Clear();
        _server.BreaksAfter = null;
        Assert.Equal(Length, Fetch().Last().Received);
        RequireWhole();
        Assert.Equal([(int)kept], _server.Asked);
    }

    [Fact]
    public void A_server_without_ranges_that_breaks_at_one_place_is_given_up()
    {
        (_server.KnowsRanges, _server.BreaksAfter) = (false, 50_000);
        Assert.Contains("broke off at 50000 of", Failure("DownloadFailed").Message, StringComparison.Ordinal);
        Assert.InRange(_server.Asked.Count, 4, 8);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_server_without_ranges_begins_anew(bool okay)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        File.WriteAllBytes(Target + ".part", Content[..1000]);
        // Either it gives all of the file, or it says that its part begins elsewhere.
        (_server.KnowsRanges, _server.SaysItBeginsAt) = (!okay, okay ? null : 17);
        _ = Fetch().Last();
        RequireWhole();
        Assert.Equal(okay ? [1000] : [1000, 0], _server.Asked);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Another_length_is_refused_and_not_kept(int more)
    {
        _server.Content = [.. Content[..^1], .. more > 0 ? new byte[2] : []];
        Assert.Contains($"it has {Length + more} bytes", Failure("DownloadDiffers").Message, StringComparison.Ordinal);
        RequireNothing();
    }

    [Fact]
    public void A_length_that_is_not_told_is_counted()
    {
        (_server.TellsLength, _server.Content) = (false, [.. Content, 1]);
        Assert.Contains("or more", Failure("DownloadDiffers").Message, StringComparison.Ordinal);
        RequireNothing();
    }

    [Fact]
    public void Wrong_content_is_refused_and_not_kept()
    {
        _server.Content = [.. Content[..^1], (byte)(Content[^1] + 1)];
        Assert.Contains("SHA-256", Failure("DownloadDiffers").Message, StringComparison.Ordinal);
        RequireNothing();
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(Length)]
    [InlineData(Length + 1)]
    public void A_part_of_another_file_does_no_harm(int length)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        File.WriteAllBytes(Target + ".part", new byte[length]);
        _ = Fetch().Last();
        RequireWhole();
    }

    [Fact]
    public void Wrong_content_behind_a_part_is_fetched_anew_once()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        File.WriteAllBytes(Target + ".part", Content[..1000]);
        _server.Content = new byte[Length];
        _ = Failure("DownloadDiffers");
        Assert.Equal([1000, 0], _server.Asked);
        RequireNothing();
    }

    [Fact]
    public void What_checks_the_digest_can_be_stopped()
    {
        using CancellationTokenSource stop = new();
        using IEnumerator<DownloadProgress> steps = Fetch(stop.Token).GetEnumerator();
        while (steps.MoveNext() && steps.Current.Received < Length)
        {
        }

        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => steps.MoveNext());
        steps.Dispose();
        Assert.Equal((false, Length), (File.Exists(Target), new FileInfo(Target + ".part").Length));
        Assert.ThrowsAny<OperationCanceledException>(() => FileDownload.IsThere(Remote with { Name = "data.bin.part" }, Target + ".part", stop.Token));
        Assert.Empty(Fetch());
        RequireWhole();
    }

    [UnixFact]
    public void What_cannot_be_read_or_written_is_told()
    {
        Directory.CreateDirectory(Target);
        Assert.Equal("CannotWrite", Assert.Throws<CnnException>(() => Fetch().Count()).Id);
        using FileStream held = new(Path.Combine(_folder.Path, "held"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        held.SetLength(Length);
        Assert.Equal("CannotRead", Assert.Throws<CnnException>(() => FileDownload.IsThere(Remote, held.Name, CancellationToken.None)).Id);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    public void A_redirection_is_followed_from_where_the_part_ends(int status)
    {
        using BrittleServer front = new([]) { Status = status, Location = _server.Address + Remote.Name };
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        File.WriteAllBytes(Target + ".part", Content[..1000]);
        _ = new FileDownload(_client).Fetch(new(front.Address, Remote.Name), Remote, Path.GetDirectoryName(Target)!, CancellationToken.None).Last();
        RequireWhole();
        Assert.Equal([1000], _server.Asked);
    }

    [Theory]
    [InlineData(404, 1)]
    [InlineData(503, 4)]
    public void A_server_that_does_not_give_it_is_told(int status, int requests)
    {
        _server.Status = status;
        Assert.Contains($"answers {status}", Failure("DownloadFailed").Message, StringComparison.Ordinal);
        Assert.Equal(requests, _server.Asked.Count);
        RequireNothing();
    }

    [Fact]
    public void No_server_is_told()
    {
        _server.Dispose();
        Assert.Equal("DownloadFailed", Failure().Id);
    }

    private IEnumerable<DownloadProgress> Fetch(CancellationToken stop = default) => new FileDownload(_client).Fetch(
        new(_server.Address, Remote.Name), Remote, Path.GetDirectoryName(Target)!, stop);

    private CnnException Failure(string? id = null)
    {
        CnnException error = Assert.Throws<CnnException>(() => Fetch().Count());
        Assert.Equal(id ?? error.Id, error.Id);
        Assert.False(File.Exists(Target));
        return error;
    }

    private void RequireWhole()
    {
        Assert.Equal(Content, File.ReadAllBytes(Target));
        Assert.False(File.Exists(Target + ".part"));
    }

    private void RequireNothing() => Assert.True(!File.Exists(Target + ".part") || new FileInfo(Target + ".part").Length == 0);
}
