using System.Runtime.InteropServices;

namespace CnnTools.TorchSharp;

/// <summary>
/// OpenBLAS keeps a thread count of its own, for the whole process. It is there where TorchSharp's native library was built on
/// a Linux system's libtorch; the packages' libtorch brings another library.
/// </summary>
internal static class OpenBlas
{
    private const string Library = "libopenblas.so.0";

    internal static unsafe void SetThreads(int count)
    {
        if (OperatingSystem.IsLinux() && IsLoaded() && NativeLibrary.TryLoad(Library, out nint library)
            && NativeLibrary.TryGetExport(library, "openblas_set_num_threads", out nint set))
        {
            ((delegate* unmanaged<int, void>)set)(count);
        }
    }

    private static bool IsLoaded() => LibTorchVersion.LoadedFiles("libopenblas").Any();
}
