using System.Diagnostics;
using System.Text.RegularExpressions;
using TorchSharp;

namespace CnnTools.TorchSharp;

/// <summary>
/// Which libtorch this process has loaded. TorchSharp tells only which one it was made for; a library of a Linux system has
/// its version in its name.
/// </summary>
internal static partial class LibTorchVersion
{
    internal static string OfLoaded() =>
        LoadedFiles("libtorch_cpu")
            .Select(path => VersionSuffix().Match(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path))
            .FirstOrDefault(match => match.Success)?.Groups[1].Value
        ?? Version.Parse(torch.__version__).ToString(fieldCount: 3);

    /// <summary>The files of this process whose names begin so.</summary>
    internal static IEnumerable<string> LoadedFiles(string name)
    {
        using Process own = Process.GetCurrentProcess();
        return [.. own.Modules.Cast<ProcessModule>()
            .Select(module => module.FileName)
            .Where(path => Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal))];
    }

    [GeneratedRegex(@"\.so\.(\d+\.\d+\.\d+)$")]
    private static partial Regex VersionSuffix();
}
