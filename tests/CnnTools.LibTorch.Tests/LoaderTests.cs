using System.Text;

namespace CnnTools.LibTorch.Tests;

/// <summary>What is said when the native library cannot be loaded.</summary>
public sealed class LoaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnntools-loader-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_library_that_was_not_built_names_the_build_command()
    {
        CnnException error = Assert.Throws<CnnException>(() => NativeLibraryLoader.Load(_folder));
        Assert.Equal("BackendUnavailable", error.Id);
        Assert.Contains("./build.sh build", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_libtorch_than_the_one_built_for_names_both()
    {
        File.Copy(InOutput("libcnntorch.so"), InFolder("libcnntorch.so"));
        File.WriteAllText(InFolder(LibTorchBuild.FileName), "version=9.9.9\ncuda=off\npath=/somewhere\n");
        CnnException error = Assert.Throws<CnnException>(() => NativeLibraryLoader.Load(_folder));
        Assert.Equal("BackendUnavailable", error.Id);
        Assert.Contains("9.9.9", error.Message, StringComparison.Ordinal);
        Assert.Contains(LibTorchBackend.Load().Info.LibraryVersion, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_libtorch_names_both_versions_and_the_package()
    {
        // The library, as if it had been built on a libtorch that is not here.
        byte[] bytes = File.ReadAllBytes(InOutput("libcnntorch.so"));
        int at = bytes.AsSpan().IndexOf("libtorch_cpu.so"u8);
        Assert.True(at > 0);
        Encoding.ASCII.GetBytes("libtorch_gone.s").CopyTo(bytes, at);
        File.WriteAllBytes(InFolder("libcnntorch.so"), bytes);
        File.WriteAllText(InFolder(LibTorchBuild.FileName), "version=1.13.9\ncuda=off\npath=/somewhere\n");
        CnnException error = Assert.Throws<CnnException>(() => NativeLibraryLoader.Load(_folder));
        Assert.Equal("BackendUnavailable", error.Id);
        Assert.Contains("1.13.9", error.Message, StringComparison.Ordinal);
        Assert.Contains("libtorch_gone.s.1.13: cannot open shared object file", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Contains("apt-get install libtorch1.13 libopenblas0-pthread", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_without_a_version_is_CorruptFile()
    {
        File.WriteAllText(InFolder(LibTorchBuild.FileName), "nothing\n");
        Assert.Equal(
            "CorruptFile", Assert.Throws<CnnException>(() => LibTorchBuild.Read(InFolder(LibTorchBuild.FileName))).Id);
    }

    private string InFolder(string name) => Path.Combine(_folder, name);

    private static string InOutput(string name) => Path.Combine(AppContext.BaseDirectory, name);
}
