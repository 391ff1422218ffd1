using System.Runtime.InteropServices;
using CnnTools.Backends;

namespace CnnTools.Bench;

/// <summary>What the figures depend on.</summary>
internal static class Machine
{
    public static string Describe(IBackend backend) => string.Join("; ",
        $"{CpuModel()}, {Environment.ProcessorCount} cores",
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        backend.Info.BuiltFor,
        "one thread on each side where nothing else is said",
        $"OMP_WAIT_POLICY {Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") ?? "PASSIVE, as the backend sets it"}");

    private static string CpuModel()
    {
        const string Key = "model name";
        const string File = "/proc/cpuinfo";
        string? line = System.IO.File.Exists(File)
            ? System.IO.File.ReadLines(File).FirstOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal))
            : null;
        return line?[(line.IndexOf(':') + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
