using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using CnnTools.Backends;

namespace CnnTools.LibTorch;

/// <summary>Loads libcnntorch.so, which lies beside this assembly, and with it libtorch.</summary>
internal static partial class NativeLibraryLoader
{
    private const string FileName = "libcnntorch.so";
    private const string Rebuild = "Run ./build.sh build";

    /// <summary>Loads the library and lets <see cref="NativeMethods"/> find it.</summary>
    /// <exception cref="CnnException">BackendUnavailable, with what is missing and the command that gets it.</exception>
    internal static LibTorchBuild Load()
    {
        Assembly assembly = typeof(NativeLibraryLoader).Assembly;
        (nint library, LibTorchBuild build) = Load(Path.GetDirectoryName(assembly.Location)!);
        NativeLibrary.SetDllImportResolver(
            assembly, (name, _, _) => name == NativeMethods.Library ? library : 0);
        return build;
    }

    /// <summary>Loads the library from a folder and checks that libtorch is the one that it was built for.</summary>
    internal static (nint Library, LibTorchBuild Build) Load(string folder)
    {
        string path = Path.Combine(folder, FileName);
        string record = Path.Combine(folder, LibTorchBuild.FileName);
        if (!File.Exists(path) || !File.Exists(record))
        {
            throw Errors.BackendUnavailable(
                $"The native library is not built: {FileName} and {LibTorchBuild.FileName} must be in '{folder}'.",
                $"{Rebuild}.");
        }

        LibTorchBuild build = LibTorchBuild.Read(record);
        NativeEnvironment.Prepare();
        nint library = Open(path, build);
        string loaded = RuntimeVersion(library);
        return loaded == build.Version
            ? (library, build)
            : throw Errors.BackendUnavailable(
                $"The native library was built for libtorch {build.Version}, and libtorch {loaded} was loaded.",
                $"{Rebuild}, or make libtorch {build.Version} the one that is found (LD_LIBRARY_PATH).");
    }

    private static nint Open(string path, LibTorchBuild build)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            string[] others = [.. OtherVersions(build)];
            string found = others.Length > 0 ? $" This system has libtorch {string.Join(" and ", others)}." : "";
            string install = build.Version.StartsWith("1.13.", StringComparison.Ordinal)
                ? "Install what is missing: apt-get install libtorch1.13 libopenblas0-pthread libjpeg62-turbo libpng16-16"
                : $"Put it back where it was ('{build.Folder}')";
            throw Errors.BackendUnavailable(
                $"The native library, built for libtorch {build.Version}, cannot be loaded: {Reason(e)}.{found}",
                $"{install}; or build for another: {Rebuild[4..]}.", e);
        }
    }

    /// <summary>The dynamic linker's own line, which .NET puts below advice on strace.</summary>
    private static string Reason(Exception e) =>
        e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1].TrimEnd('.');

    /// <summary>Versions of the libtorch libraries on the linker's path, but for the one that is wanted.</summary>
    private static IEnumerable<string> OtherVersions(LibTorchBuild build)
    {
        string searched = Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? "";
        IEnumerable<string> folders = searched.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Append("/usr/lib").Append("/usr/local/lib").Append(build.Folder)
            .Concat(Directory.Exists("/usr/lib") ? Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu") : []);
        return folders.Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "libtorch_cpu.so.*"))
            .Select(file => VersionSuffix().Match(file).Groups[1].Value)
            .Where(version => version.Length > 0 && version != build.Version)
            .Distinct();
    }

    [GeneratedRegex(@"\.so\.(\d+\.\d+\.\d+)$")]
    private static partial Regex VersionSuffix();

    private static unsafe string RuntimeVersion(nint library)
    {
        var version = (delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "cnn_runtime_version");
        return Marshal.PtrToStringUTF8(version()) ?? "unknown";
    }
}
