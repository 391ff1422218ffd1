namespace CnnTools.LibTorch;

/// <summary>What libcnntorch.so was built on, as CMake wrote it beside the library.</summary>
internal sealed record LibTorchBuild(string Version, bool Cuda, string Folder)
{
    internal const string FileName = "libtorch-build.txt";

    /// <exception cref="CnnException">CorruptFile: a line is missing.</exception>
    internal static LibTorchBuild Read(string path)
    {
        Dictionary<string, string> values = File.ReadLines(path)
            .Select(line => line.Split('=', 2))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1]);
        return values.TryGetValue("version", out string? version) && values.TryGetValue("path", out string? folder)
            ? new LibTorchBuild(version, values.GetValueOrDefault("cuda") == "on", folder)
            : throw Errors.CorruptFile(path, FileName, "it does not name a version and a path", "Run ./build.sh build.");
    }
}
