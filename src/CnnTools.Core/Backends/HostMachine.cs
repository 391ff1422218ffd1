using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace CnnTools.Backends;

/// <summary>The machine that this process runs on, for backends whose library does not tell. Sizes are in bytes.</summary>
public static class HostMachine
{
    private const string Memory = "/proc/meminfo";
    private const string Processors = "/proc/cpuinfo";
    private const int BytesOfUnit = 1024;

    public static string ProcessorName { get; } =
        Line(Processors, "model name") ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
        ?? $"{RuntimeInformation.ProcessArchitecture} CPU";

    public static long TotalMemory => Bytes("MemTotal") ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>What programs can still have; the garbage collector looks where no file tells.</summary>
    public static long FreeMemory
    {
        get
        {
            if (Bytes("MemAvailable") is { } told)
            {
                return told;
            }

            GC.Collect(0);
            GCMemoryInfo seen = GC.GetGCMemoryInfo();
            return Math.Max(0, seen.TotalAvailableMemoryBytes - seen.MemoryLoadBytes);
        }
    }

    /// <summary>The most memory that this process has had.</summary>
    public static long PeakMemory
    {
        get
        {
            using Process own = Process.GetCurrentProcess();
            return Math.Max(own.PeakWorkingSet64, own.WorkingSet64); // some systems keep no peak
        }
    }

    private static long? Bytes(string key) =>
        Line(Memory, key) is { } text && long.TryParse(text.Split(' ')[0], CultureInfo.InvariantCulture, out long units)
            ? units * BytesOfUnit
            : null;

    /// <summary>What stands behind a key in one of Linux's files; null elsewhere.</summary>
    private static string? Line(string file, string key) =>
        File.Exists(file)
            ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : null;
}
