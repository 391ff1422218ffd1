using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace CnnTools.Tests;

/// <summary>ONNX Runtime, as npm's onnxruntime-node has it.</summary>
internal static class OnnxRuntime
{
    private const string Package = "tests/parity/onnx";

    private static readonly string Folder = Path.Combine(ParityFolder(), "onnx");

    /// <summary>What to tell where it is not installed; null where it is.</summary>
    public static string? Missing { get; } = Directory.Exists(Path.Combine(Folder, "node_modules", "onnxruntime-node"))
        ? null
        : $"Needs ONNX Runtime: npm ci --prefix {Package}";

    /// <summary>How to run every model of a folder; see check.mjs.</summary>
    public static ProcessStartInfo Start(string folder) => new("node", [Path.Combine(Folder, "check.mjs"), folder])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    };

    private static string ParityFolder([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "parity"));
}

/// <summary>A test against ONNX Runtime, skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnnxRuntimeFactAttribute : FactAttribute
{
    public OnnxRuntimeFactAttribute() => Skip = OnnxRuntime.Missing;
}

/// <summary>The same with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnnxRuntimeTheoryAttribute : TheoryAttribute
{
    public OnnxRuntimeTheoryAttribute() => Skip = OnnxRuntime.Missing;
}
