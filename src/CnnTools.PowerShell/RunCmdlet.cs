using System.ComponentModel;
using System.Management.Automation;
using CnnTools.Runs;

namespace CnnTools.PowerShell;

/// <summary>What cmdlets that look at runs share: which runs.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class RunCmdlet : CnnCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    // A record of a training knows its checkpoint, which lies in the run's folder.
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "Checkpoint")]
    [AllowNull]
    [AllowEmptyString]
    public string?[]? LiteralPath { get; set; }

    /// <summary>The runs that the parameters name. One that cannot be read is told as an error, and the rest goes on.</summary>
    protected IEnumerable<CnnRun> ReadRuns()
    {
        foreach (RunFolder folder in FindFolders())
        {
            StopToken.ThrowIfCancellationRequested();
            CnnRun? run = null;
            try
            {
                run = CnnRun.Read(folder);
            }
            catch (CnnException exception)
            {
                WriteError(exception.ToErrorRecord());
            }

            if (run is not null)
            {
                yield return run;
            }
        }
    }

    private IEnumerable<RunFolder> FindFolders() => ParameterSetName == "LiteralPath"
        ? (LiteralPath ?? [null]).Select(ResolveCheckpoint).Select(path => Directory.Exists(path) ? path : System.IO.Path.GetDirectoryName(path) ?? path)
            .SelectMany(RunFolder.FindAll)
        : (Path ?? [RunRoot.Preferred(this) ?? "."]).SelectMany(ResolveFolder).SelectMany(RunFolder.FindAll);
}
