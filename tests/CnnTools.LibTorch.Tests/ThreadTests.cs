using System.Runtime.InteropServices;
using CnnTools.Backends;

namespace CnnTools.LibTorch.Tests;

/// <summary>The thread count is OpenMP's, which holds it for each thread, and OpenBLAS's, which has one of its own.</summary>
public sealed class ThreadTests : IDisposable
{
    private readonly LibTorchBackend _backend = LibTorchBackend.Load();

    public void Dispose() => _backend.Threads = 1;

    [Fact]
    public void The_count_is_one_after_loading_and_holds_for_every_thread()
    {
        Assert.Equal(1, _backend.Threads);
        using AutoResetEvent set = new(false);
        using AutoResetEvent looked = new(false);
        (int first, int second, int openMp) = (0, 0, 0);
        Thread other = new(() =>
        {
            first = _backend.Threads;
            _backend.Zeros([1], Device.Cpu).Dispose();
            looked.Set();
            set.WaitOne();
            second = _backend.Threads;
            _backend.Zeros([1], Device.Cpu).Dispose();
            openMp = Count("libgomp.so.1", "omp_get_max_threads");
        });
        other.Start();
        looked.WaitOne();
        _backend.Threads = 2;
        set.Set();
        other.Join();
        Assert.Equal((1, 2, 2), (first, second, openMp));
    }

    [Fact]
    public void OpenBlas_follows()
    {
        foreach (int count in new[] { 2, 1 })
        {
            _backend.Threads = count;
            Assert.Equal(count, Count("libopenblas.so.0", "openblas_get_num_threads"));
        }
    }

    private static unsafe int Count(string library, string function)
    {
        nint handle = NativeLibrary.Load(library);
        return ((delegate* unmanaged<int>)NativeLibrary.GetExport(handle, function))();
    }
}
