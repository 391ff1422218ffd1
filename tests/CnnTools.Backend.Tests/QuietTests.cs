using System.Runtime.InteropServices;
using CnnTools.Backends;

namespace CnnTools.Tests;

/// <summary>libtorch's warnings would end up in the middle of a user's terminal.</summary>
public sealed partial class QuietTests
{
    private const int StandardError = 2;

    [Fact]
    public void A_warning_of_libtorch_is_not_written_to_stderr()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // its C library has these functions by other names
        }

        IBackend backend = Engine.Backend;
        string path = Path.GetTempFileName();
        using (FileStream file = new(path, FileMode.Open, FileAccess.Write))
        {
            int saved = Duplicate(StandardError);
            Assert.True(DuplicateTo((int)file.SafeFileHandle.DangerousGetHandle(), StandardError) >= 0);
            Thread other = new(() => Warn(backend)); // libtorch keeps its handler for each thread
            other.Start();
            other.Join();
            Warn(backend);
            _ = DuplicateTo(saved, StandardError);
            _ = Close(saved);
        }

        Assert.Equal("", File.ReadAllText(path));
        File.Delete(path);
    }

    // The gradient of an inner tensor: "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed".
    private static void Warn(IBackend backend)
    {
        using ITensorScope scope = backend.BeginScope(recordGradients: true);
        Tensor leaf = backend.Zeros([1], Device.Cpu);
        backend.RequireGradient(leaf, required: true);
        Assert.Null(backend.GetGradient(backend.Add(leaf, leaf)));
    }

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int DuplicateTo(int descriptor, int to);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
