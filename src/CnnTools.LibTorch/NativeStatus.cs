using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CnnTools.LibTorch;

/// <summary>What a native function returns, and the exception that each failure becomes.</summary>
internal static class NativeStatus
{
    private const int Ok = 0;
    private const int InvalidHandle = 2;
    private const int OutOfMemory = 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Check(int status, string operation)
    {
        if (status != Ok)
        {
            throw Failure(status, operation);
        }
    }

    /// <summary>What went wrong in this thread's last failed call.</summary>
    internal static string LastMessage => Marshal.PtrToStringUTF8(NativeMethods.LastError()) ?? "";

    internal static CnnException Failure(int status, string operation)
    {
        string message = LastMessage;
        return status switch
        {
            InvalidHandle => Errors.InvalidHandle(operation, message),
            OutOfMemory => Errors.OutOfMemory(operation, message),
            _ => FailureOf(operation, message),
        };
    }

    /// <summary>Of an operation that gives other bits each time, or would with CuBLAS as it is set, libtorch itself says so.</summary>
    internal static CnnException FailureOf(string operation, string message) =>
        message.Contains("does not have a deterministic implementation", StringComparison.Ordinal)
            || message.Contains("Deterministic behavior was enabled", StringComparison.Ordinal)
                ? Errors.NotDeterministic(operation, message)
                : Errors.BackendFailed(operation, message);
}
