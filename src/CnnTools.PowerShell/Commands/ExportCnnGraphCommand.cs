using System.Management.Automation;
using CnnTools.Drawing;
using CnnTools.Graphs;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsData.Export, "CnnGraph", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportCnnGraphCommand : NetworkCmdlet
{
    [Parameter(Mandatory = true, Position = 1)]
    public string Path { get; set; } = "";

    [Parameter]
    [Choice<DrawingFormat>]
    public DrawingFormat? Format { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void Process()
    {
        string path = ResolveOutput(Path);
        DrawingFormat format = Format ?? GraphDrawing.FormatOf(path) ?? throw Errors.UnknownDrawingFormat(path);
        RequireNew(path, Force);

        (string name, Graph graph) = OpenNetwork();
        if (!ShouldProcess(path, $"Draw the network {name}"))
        {
            return;
        }

        GraphDrawing.Write(name, graph, format, path);
        if (PassThru)
        {
            WriteItem(path);
        }
    }
}
