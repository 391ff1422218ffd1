using System.Management.Automation;
using CnnTools.Backends;
using CnnTools.Images;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsCommon.New, "CnnImage")]
[OutputType(typeof(CnnImage))]
public sealed class NewCnnImageCommand : CnnCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    [PairArgument]
    public Pair Size { get; set; }

    [Parameter(Position = 1, ValueFromPipeline = true)]
    [Alias("Colour", "Value")]
    [ColorArgument]
    [ArgumentCompleter(typeof(ColorCompleter))]
    public RgbColor? Color { get; set; }

    [Parameter]
    public SwitchParameter Grayscale { get; set; }

    protected override void Process()
    {
        ImageInfo.RequireSize(nameof(Size), Size);
        WriteObject(CnnImage.OfColor(new(Grayscale ? 1 : 3, Size.Vertical, Size.Horizontal), Color ?? default));
    }
}
