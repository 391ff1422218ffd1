using CnnTools.Backends;
using CnnTools.Images;
using CnnTools.LibTorch;

namespace CnnTools;

/// <summary>What this build computes with and reads images with: src/native, over libtorch, libpng and libjpeg-turbo.</summary>
public static class Engine
{
    /// <summary>The backend; loads libtorch the first time. A failure is not remembered: the next call tries again.</summary>
    /// <exception cref="CnnException">BackendUnavailable: what is missing, and the command that gets it.</exception>
    public static IBackend Backend => LibTorchBackend.Load();

    /// <summary>What reads and writes image files; loads the native library the first time.</summary>
    /// <exception cref="CnnException">BackendUnavailable, as for <see cref="Backend"/>.</exception>
    public static IImageCodec Images => NativeImageCodec.Load();
}
