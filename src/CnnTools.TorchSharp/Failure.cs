namespace CnnTools.TorchSharp;

/// <summary>What an exception out of TorchSharp becomes.</summary>
internal static class Failure
{
    // libtorch's message goes on with its own stack.
    private const string Stack = "\nException raised from";

    // What libtorch says where memory ran out, on one device or the other, or where sizes multiply to no number.
    private static readonly string[] OfMemory = ["DefaultCPUAllocator", "CUDA out of memory", "Storage size calculation overflowed"];

    internal static CnnException Of(string operation, Exception exception)
    {
        string message = exception.Message.Split(Stack)[0];
        return exception is OutOfMemoryException || OfMemory.Any(words => message.Contains(words, StringComparison.Ordinal))
            ? Errors.OutOfMemory(operation, message)
            : Errors.BackendFailed(operation, message);
    }
}
