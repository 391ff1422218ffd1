using System.Management.Automation;
using CnnTools.Backends;
using CnnTools.Images;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "CnnImage", DefaultParameterSetName = "Path")]
[OutputType(typeof(CnnImage))]
public sealed class GetCnnImageCommand : CnnCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Path")]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter]
    [CropArgument]
    public CropBox? Crop { get; set; }

    [Parameter]
    [PairArgument]
    public Pair? Size { get; set; }

    [Parameter]
    public SwitchParameter Grayscale { get; set; }

    [Parameter]
    [Choice<ChannelOrder>]
    public ChannelOrder? ChannelOrder { get; set; }

    private ImageChanges Changes => new(Crop, Size, Grayscale, ChannelOrder ?? Images.ChannelOrder.Rgb);

    protected override void Process()
    {
        if (ParameterSetName == "Path")
        {
            Each(Path, path => Each(FilesOf(path)!, Read));
        }
        else
        {
            Each(LiteralPath, path => Read(ResolveOutput(path)));
        }
    }

    private void Read(string path) => WriteObject(ImageFile.Read(Backend.Images, path, Changes));
}
