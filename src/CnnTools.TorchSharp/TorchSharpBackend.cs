using CnnTools.Backends;

namespace CnnTools.TorchSharp;

/// <summary>The backend on TorchSharp.</summary>
public static class TorchSharpBackend
{
    /// <exception cref="CnnException">BackendUnavailable: always, until it is written.</exception>
    public static IBackend Load() =>
        throw Errors.BackendUnavailable("The backend on TorchSharp is not written yet.", "Build with -Backend LibTorch.");
}
