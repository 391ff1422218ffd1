using System.Runtime.InteropServices;

namespace CnnTools.Backends;

/// <summary>
/// What libtorch's libraries are told before they are loaded. They read their settings from the C environment when they
/// begin; .NET's own environment does not reach it. What the user has set stays.
/// </summary>
internal static partial class NativeEnvironment
{
    internal static void Prepare()
    {
        // OpenMP's threads spin while they wait, which on a busy machine makes a step a hundred times slower.
        Set("OMP_WAIT_POLICY", "PASSIVE");
        Set("GOMP_SPINCOUNT", "0");
        Set("KMP_BLOCKTIME", "0");

        // Without it cuBLAS may give other bits each time, and deterministic computation is refused.
        Set("CUBLAS_WORKSPACE_CONFIG", ":4096:8");
    }

    private static void Set(string name, string value)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetUnix(name, value, overwrite: 0);
        }
        else if (Environment.GetEnvironmentVariable(name) is null)
        {
            _ = SetWindows(name, value);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetUnix(string name, string value, int overwrite);

    [LibraryImport("ucrtbase", EntryPoint = "_putenv_s", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetWindows(string name, string value);
}
