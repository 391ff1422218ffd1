using System.Management.Automation;
using CnnTools.PowerShell.Arguments;
using CnnTools.Weights;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsData.Export, "CnnModel", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportCnnModelCommand : CnnCmdlet
{
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public CnnModel Model { get; set; } = null!;

    [Parameter(Mandatory = true, Position = 0)]
    public string Path { get; set; } = "";

    [Parameter]
    [Choice<ModelFormat>]
    public ModelFormat? Format { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void Process()
    {
        string path = ResolveOutput(Path);
        RequireNew(path, Force);

        if (!ShouldProcess(path, $"Export the model {Model.Name}"))
        {
            return;
        }

        using (Model.Use("export"))
        {
            ModelExport.Write(Model, path, Format ?? ModelExport.FormatFor(path));
        }

        if (PassThru)
        {
            WriteItem(path);
        }
    }
}
