namespace CnnTools.Runs;

/// <summary>What a run ran in.</summary>
/// <param name="Module">The version of CnnTools.</param>
/// <param name="Library">The tensor library and its version, and the backend.</param>
/// <param name="PowerShell">The version of PowerShell; empty outside of it.</param>
/// <param name="Runtime">The version of .NET.</param>
/// <param name="System">The operating system.</param>
/// <param name="Machine">The computer's name.</param>
/// <param name="Process">The process's number on it.</param>
public sealed record RunEnvironment(
    string Module, string Library, string PowerShell, string Runtime, string System, string Machine, int Process)
{
    /// <summary>The environment of this process.</summary>
    public static RunEnvironment Of(string module, string library, string powerShell) => new(
        module, library, powerShell, global::System.Environment.Version.ToString(),
        global::System.Runtime.InteropServices.RuntimeInformation.OSDescription,
        global::System.Environment.MachineName, global::System.Environment.ProcessId);
}
