using System.Runtime.InteropServices;
using CnnTools.Backends;
using TorchSharp;

namespace CnnTools.TorchSharp;

/// <summary>Loads libtorch with TorchSharp's native library, and sets how many threads they use.</summary>
internal static class NativeRuntime
{
    // OpenMP ends the process when it cannot start the threads it was told to use.
    private const int MostThreads = 1024;

    private static int _threads;

    [ThreadStatic]
    private static int _applied;

    /// <summary>How many threads one operation may use; 0 before it was set.</summary>
    internal static int Threads
    {
        get => Volatile.Read(ref _threads);
        set
        {
            if (value > MostThreads)
            {
                throw Errors.BackendFailed(nameof(Threads), $"{value} threads; 1 to {MostThreads} can be had");
            }

            Volatile.Write(ref _threads, value);
            PrepareThread();
            OpenBlas.SetThreads(value);
        }
    }

    /// <summary>Loads the libraries.</summary>
    /// <returns>libtorch's version.</returns>
    /// <exception cref="CnnException">BackendUnavailable: with the reason that the system gives.</exception>
    internal static string Load()
    {
        NativeEnvironment.Prepare();
        try
        {
            // Before TorchSharp looks for it, which writes to the console where it finds none.
            NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, searchPath: null);
            torch.InitializeDeviceType(global::TorchSharp.DeviceType.CPU);
            return LibTorchVersion.OfLoaded();
        }
        catch (Exception exception)
        {
            string reason = exception.GetBaseException().Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];
            throw Errors.BackendUnavailable(
                $"TorchSharp's native library cannot be loaded: {reason.TrimEnd('.')}.",
OperatingSystem.IsWindows()
                    ? "Install the Visual C++ Redistributable, which libtorch needs, or build again for this system."
                    : "Build again for this system; on a Linux that the packages are too new for: ./build.sh build --backend LibTorch (or see README, Platforms).",
                exception);
        }
    }

    /// <summary>OpenMP holds the count for each thread: sets it on this one, where it is another.</summary>
    internal static void PrepareThread()
    {
        int wanted = Threads;
        if (_applied != wanted)
        {
            torch.set_num_threads(wanted);
            _applied = wanted;
        }
    }
}
