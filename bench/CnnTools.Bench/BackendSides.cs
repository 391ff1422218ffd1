using System.Diagnostics;
using System.Runtime.CompilerServices;
using CnnTools.Data;
using CnnTools.PyTorch;

namespace CnnTools.Bench;

/// <summary>What the table of backends compares, each a program of its own; building them comes first.</summary>
internal sealed class BackendSides
{
    public const int PyTorch = 0;
    public const int ByHand = 1;
    public const int OnTorchSharp = 2;

    private const string LibTorch = "LibTorch";
    private const string TorchSharp = "TorchSharp";
    private readonly List<(string Name, Func<ProcessStartInfo> Start)> _sides;

    /// <exception cref="InvalidOperationException">One of them does not build; with what the compiler says.</exception>
    public BackendSides(string interpreter)
    {
        string onTorchSharp = Build("CnnTools.Bench", TorchSharp), byHand = Build("TorchSharpLoop", TorchSharp);
        string natives = Path.Combine(Path.GetDirectoryName(onTorchSharp)!, "torchsharp");
        _sides =
        [
            ("PyTorch", () => ProcessSide.PyTorch(interpreter)),
            ("TorchSharp by hand", () => PyTorchInterpreter.Start("dotnet", byHand, natives)),
            ("CnnTools on TorchSharp", () => PyTorchInterpreter.Start("dotnet", onTorchSharp, Arguments.Side)),
        ];
        if (OperatingSystem.IsLinux())
        {
            string onLibTorch = Build("CnnTools.Bench", LibTorch);
            _sides.Add(("CnnTools on LibTorch", () => PyTorchInterpreter.Start("dotnet", onLibTorch, Arguments.Side)));
        }
    }

    public IReadOnlyList<string> Names => [.. _sides.Select(side => side.Name)];

    public IReadOnlyList<ProcessSide> Start(TrainingStepCase steps, ImageSet images)
    {
        List<ProcessSide> started = [];
        try
        {
            _sides.ForEach(side => started.Add(new(side.Start(), steps, images)));
            return started;
        }
        catch
        {
            started.ForEach(side => side.Dispose());
            throw;
        }
    }

    /// <summary>Builds a program whose folder is beside this one's.</summary>
    /// <returns>Its assembly.</returns>
    private static string Build(string project, string backend, [CallerFilePath] string thisFile = "")
    {
        string folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", project));
        ProcessStartInfo start = new("dotnet", ["build", folder, "-c", "Release", $"-p:Backend={backend}", "--nologo", "-v", "quiet"])
        {
            RedirectStandardOutput = true,
        };
        using Process build = Process.Start(start)!;
        string said = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        return build.ExitCode == 0
            ? Path.Combine(folder, "bin", backend == LibTorch ? "" : backend, "Release", $"{project}.dll")
            : throw new InvalidOperationException($"{project} does not build with -p:Backend={backend}:{Environment.NewLine}{said}");
    }
}
