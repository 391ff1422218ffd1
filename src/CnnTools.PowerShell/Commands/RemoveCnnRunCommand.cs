using System.Management.Automation;
using CnnTools.Runs;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsCommon.Remove, "CnnRun", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = "Path")]
[OutputType(typeof(void))]
public sealed class RemoveCnnRunCommand : CnnCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void Process()
    {
        foreach (string path in ParameterSetName == "Path" ? Path.SelectMany(ResolveFolder) : LiteralPath.Select(ResolveOutput))
        {
            StopToken.ThrowIfCancellationRequested();
            try
            {
                RunFolder run = RunFolder.Open(path);
                if (ShouldProcess(run.Path, "Remove the run with its checkpoints"))
                {
                    run.Remove(withForeign: Force);
                }
            }
            catch (CnnException exception)
            {
                // One that is running does not keep the others.
                WriteError(exception.ToErrorRecord());
            }
        }
    }
}
