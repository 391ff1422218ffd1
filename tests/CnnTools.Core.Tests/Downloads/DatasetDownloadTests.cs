using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using CnnTools.Downloads;
using CnnTools.Tests.Data;

namespace CnnTools.Tests.Downloads;

public sealed class DatasetDownloadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = FileDownload.CreateClient();

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Digests_are_whole_and_each_file_has_its_own() => Assert.All(
        DatasetDownload.All.SelectMany(download => download.Files).GroupBy(file => file.Sha256),
        files => Assert.Matches("^[0-9a-f]{64}$", Assert.Single(files).Sha256));

    [Fact]
    public void An_unknown_name_is_answered_with_near_ones() => Assert.Contains(
        "CIFAR10", Assert.Throws<CnnException>(() => DatasetDownload.Get("CIFAR1O")).Remedy, StringComparison.Ordinal);

    [Fact]
    public void An_archive_is_unpacked_by_the_members_names_alone()
    {
        byte[] archive = Archive(("set/data.bin", [1, 2, 3]), ("../../names.txt", [65]), ("../../evil.txt", [66]));
        using BrittleServer server = new(archive);
        DatasetDownload download = Of(archive, "data.bin", "names.txt");
        Assert.NotEmpty(Save(download, server));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Path.Combine(_folder.Path, "set", "data.bin")));
        Assert.Equal(["data.bin", "names.txt"],
            Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order());

        // What is there is not fetched again.
        Assert.Empty(Save(download, server));
        Assert.Single(server.Asked);
    }

    [Fact]
    public void An_archive_that_lacks_a_member_is_told()
    {
        byte[] archive = Archive(("set/data.bin", [1, 2, 3]));
        using BrittleServer server = new(archive);
        CnnException error = Assert.Throws<CnnException>(() => Save(Of(archive, "data.bin", "names.txt"), server));
        Assert.Equal("CorruptFile", error.Id);
        Assert.Contains("it lacks names.txt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_others_are_left_alone_unless_they_are_to_be_replaced()
    {
        byte[] content = [1, 2, 3, 4];
        using BrittleServer server = new(content);
        DatasetDownload download = Of(content);
        string path = _folder.Write("set/file", [9]);
        Assert.Equal("FileExists", Assert.Throws<CnnException>(() => Save(download, server)).Id);
        Assert.Equal([9], File.ReadAllBytes(path));
        Assert.NotEmpty(Save(download, server, replace: true));
        Assert.Equal(content, File.ReadAllBytes(path));
        Assert.Empty(Save(download, server));
    }

    private DownloadProgress[] Save(DatasetDownload download, BrittleServer server, bool replace = false) =>
        [.. download.Save(_client, server.Address, _folder.Path, replace, CancellationToken.None)];

    private static DatasetDownload Of(byte[] content, params string[] members) => new(
        "Test", "set", new("http://127.0.0.1:1/"),
        [new("file", content.Length, Convert.ToHexStringLower(SHA256.HashData(content)))], [.. members]);

    private static byte[] Archive(params (string Name, byte[] Content)[] members)
    {
        using MemoryStream stream = new();
        using (GZipStream zipped = new(stream, CompressionMode.Compress, leaveOpen: true))
        using (TarWriter tar = new(zipped))
        {
            foreach ((string name, byte[] content) in members)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
            }
        }

        return stream.ToArray();
    }
}
