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
        if (File.Exists(path) && !Force)
        {
            throw Errors.FileExists(path, "Use -Force to replace it, or give another -Path.");
        }

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
            // From the provider, as Get-Item gives it: its view needs what the provider adds.
            WriteObject(InvokeProvider.Item.Get([path], force: true, literalPath: true), enumerateCollection: true);
        }
    }
}
