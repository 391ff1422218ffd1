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
        foreach (string path in ParameterSetName == "Path" ? Path.SelectMany(Files) : LiteralPath.Select(ResolveOutput))
        {
            StopToken.ThrowIfCancellationRequested();
            try
            {
                WriteObject(ImageFile.Read(Backend.Images, path, Changes));
            }
            catch (CnnException exception)
            {
                // One bad file does not keep the others from being read.
                WriteError(exception.ToErrorRecord());
            }
        }
    }

    /// <summary>A wildcard means files: it passes folders over.</summary>
    private IEnumerable<string> Files(string path) => WildcardPattern.ContainsWildcardCharacters(path)
        ? ResolveInput(path).Where(found => !Directory.Exists(found))
        : ResolveInput(path);
}
