using CnnTools.Backends;
using CnnTools.Images;

namespace CnnTools;

/// <summary>What this build computes with and reads images with: TorchSharp and ImageSharp, in load contexts of their own.</summary>
public static class Engine
{
    private const string Unavailable = "BackendUnavailable";
    private static readonly PrivateAssembly TorchSharp = new(
        "torchsharp", "CnnTools.TorchSharp", ["TorchSharp", "Google.Protobuf", "ICSharpCode.SharpZipLib"], Unavailable);
    private static readonly PrivateAssembly ImageSharp = new(
        "imagesharp", "CnnTools.ImageSharp", ["SixLabors.ImageSharp"], Unavailable);
    private static readonly Lock Gate = new();
    private static IBackend? _backend;
    private static IImageCodec? _images;

    /// <summary>The backend; loads libtorch the first time. A failure is not remembered: the next call tries again.</summary>
    /// <exception cref="CnnException">BackendUnavailable: what is missing, and the command that gets it.</exception>
    public static IBackend Backend
    {
        get
        {
            lock (Gate)
            {
                return _backend ??= TorchSharp.Call<IBackend>("CnnTools.TorchSharp.TorchSharpBackend", "Load");
            }
        }
    }

    /// <summary>What reads and writes image files.</summary>
    /// <exception cref="CnnException">BackendUnavailable: one of its files is missing or cannot be loaded.</exception>
    public static IImageCodec Images
    {
        get
        {
            lock (Gate)
            {
                return _images ??= ImageSharp.Create<IImageCodec>("CnnTools.ImageSharp.ImageSharpCodec");
            }
        }
    }
}
