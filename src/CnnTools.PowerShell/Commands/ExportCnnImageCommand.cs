using System.Management.Automation;
using CnnTools.Images;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsData.Export, "CnnImage", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportCnnImageCommand : CnnCmdlet
{
    private const int DefaultQuality = 90;

    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public CnnImage InputObject { get; set; } = null!;

    [Parameter(Mandatory = true, Position = 0)]
    public string Path { get; set; } = "";

    [Parameter]
    [Choice<ImageFormat>]
    public ImageFormat? Format { get; set; }

    [Parameter]
    [Number<int>]
    public int? Quality { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void Process()
    {
        int quality = Quality ?? DefaultQuality;
        if (quality is < 1 or > 100)
        {
            throw Errors.InvalidArgument(nameof(Quality), quality, "a whole number from 1 to 100");
        }

        (string path, ImageFormat format) = Target(ResolveOutput(Path));
        RequireNew(path, Force);

        if (!ShouldProcess(path, $"Export the image {InputObject}"))
        {
            return;
        }

        ImageFile.Write(Backend.Images, InputObject, path, format, quality);
        if (PassThru)
        {
            WriteItem(path);
        }
    }

    /// <summary>In a folder an image keeps its name and, unless told otherwise, its format.</summary>
    private (string Path, ImageFormat Format) Target(string path)
    {
        if (!Directory.Exists(path))
        {
            return (path, Format ?? ImageFile.FormatOf(path));
        }

        ImageFormat format = Format ?? InputObject.Format ?? ImageFormat.Png;
        return InputObject.Name.Length > 0
            ? (System.IO.Path.Combine(path, System.IO.Path.ChangeExtension(InputObject.Name, ImageFile.ExtensionOf(format))), format)
            : throw Errors.ImageWithoutName(path);
    }
}
