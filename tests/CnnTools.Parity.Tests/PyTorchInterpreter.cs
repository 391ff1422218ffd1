using System.Diagnostics;

namespace CnnTools.PyTorch;

/// <summary>A Python that can import torch: the reference for results and for speed. Debian's is python3-torch.</summary>
public static class PyTorchInterpreter
{
    /// <summary>The environment variable that names one.</summary>
    public const string Variable = "CNNTOOLS_PYTHON";

    // Debian installs python3-torch for its own interpreter, which need not be the first on the path.
    private static readonly string[] Candidates = ["python3", "/usr/bin/python3"];

    private static readonly Lazy<string?> Found = new(Find);

    private static readonly Lazy<bool> Torchvision = new(() => Command is { } command && Has(command, "torchvision"));

    private static readonly Lazy<bool> Pillow = new(() => Command is { } command && Has(command, "PIL, numpy"));

    /// <summary>Its command; null where there is none.</summary>
    public static string? Command => Found.Value;

    /// <summary>What to tell where there is none.</summary>
    public static string Missing =>
        $"Needs a Python with torch: install python3-torch, or name an interpreter in ${Variable}.";

    /// <summary>Whether it can import torchvision as well (Debian's python3-torchvision).</summary>
    public static bool HasTorchvision => Torchvision.Value;

    /// <summary>Whether it can import Pillow as well (Debian's python3-pil).</summary>
    public static bool HasPillow => Pillow.Value;

    /// <summary>How to start a script on one thread, whichever BLAS it has.</summary>
    public static ProcessStartInfo Start(string command, params ReadOnlySpan<string> arguments)
    {
        ProcessStartInfo start = new(command)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        return start;
    }

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable(Variable);
        return (string.IsNullOrEmpty(named) ? Candidates : [named]).FirstOrDefault(command => Has(command, "torch"));
    }

    private static bool Has(string command, string module)
    {
        try
        {
            using Process process = Process.Start(Start(command, "-c", $"import {module}"))!;
            process.StandardInput.Close();
            Task<string> error = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            error.Wait();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such program.
            return false;
        }
    }
}
