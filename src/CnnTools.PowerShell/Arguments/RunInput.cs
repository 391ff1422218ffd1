using System.Management.Automation;
using CnnTools.Runs;

namespace CnnTools.PowerShell.Arguments;

/// <summary>Runs as they come by a pipeline.</summary>
internal static class RunInput
{
    /// <summary>Those that a run, a deserialised one too, or a folder stands for; null where it is neither.</summary>
    /// <exception cref="CnnException">There is none in it.</exception>
    public static IEnumerable<RunFolder>? FoldersOf(PSObject input) => input.BaseObject switch
    {
        CnnRun run => [RunFolder.Open(run.Path)],
        DirectoryInfo folder => RunFolder.FindAll(folder.FullName).ToArray() is { Length: > 0 } found ? found : throw Errors.NoRun(folder.FullName),
        _ when input.TypeNames.Contains("Deserialized." + typeof(CnnRun).FullName) =>
            [RunFolder.Open($"{input.Properties[nameof(CnnRun.Path)].Value}")],
        _ => null,
    };
}
