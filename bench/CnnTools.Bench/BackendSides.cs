using System.Diagnostics;
using System.Runtime.CompilerServices;
using CnnTools.Data;
using CnnTools.PyTorch;

namespace CnnTools.Bench;

/// <summary>The four that the table of backends compares, each a program of its own; they are built first.</summary>
internal sealed class BackendSides
{
    private const string TorchSharp = "TorchSharp";
    private readonly IReadOnlyList<Func<ProcessStartInfo>> _starts;

    public BackendSides(string interpreter)
    {
        string onTorchSharp = Build("CnnTools.Bench", TorchSharp), byHand = Build("TorchSharpLoop", TorchSharp);
        string onLibTorch = Build("CnnTools.Bench", "LibTorch");
        string natives = Path.Combine(Path.GetDirectoryName(onTorchSharp)!, "torchsharp");
        _starts =
        [
            () => ProcessSide.PyTorch(interpreter),
            () => PyTorchInterpreter.Start("dotnet", byHand, natives),
            () => PyTorchInterpreter.Start("dotnet", onTorchSharp, Arguments.Side),
            () => PyTorchInterpreter.Start("dotnet", onLibTorch, Arguments.Side),
        ];
    }

    public static IReadOnlyList<string> Names { get; } =
        ["PyTorch", "TorchSharp by hand", "CnnTools on TorchSharp", "CnnTools on LibTorch"];

    public const int PyTorch = 0;
    public const int ByHand = 1;
    public const int OnTorchSharp = 2;

    public IReadOnlyList<ProcessSide> Start(TrainingStepCase steps, ImageSet images)
    {
        List<ProcessSide> sides = [];
        try
        {
            foreach (Func<ProcessStartInfo> start in _starts)
            {
                sides.Add(new(start(), steps, images));
            }

            return sides;
        }
        catch
        {
            sides.ForEach(side => side.Dispose());
            throw;
        }
    }

    /// <summary>Builds a program beside this one.</summary>
    /// <returns>Its assembly.</returns>
    private static string Build(string project, string backend, [CallerFilePath] string thisFile = "")
    {
        string folder = Path.Combine(Path.GetDirectoryName(thisFile)!, "..", project);
        ProcessStartInfo start = new("dotnet", ["build", folder, "-c", "Release", $"-p:Backend={backend}", "--nologo", "-v", "quiet"]);
        using Process build = Process.Start(start)!;
        build.WaitForExit();
        return build.ExitCode == 0
            ? Path.GetFullPath(Path.Combine(folder, "bin", backend == TorchSharp ? TorchSharp : "", "Release", $"{project}.dll"))
            : throw new InvalidOperationException($"{project} does not build for {backend}.");
    }
}
