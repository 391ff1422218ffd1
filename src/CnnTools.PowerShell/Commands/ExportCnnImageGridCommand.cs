using System.Management.Automation;
using CnnTools.Images;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsData.Export, "CnnImageGrid", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportCnnImageGridCommand : CnnCmdlet
{
    private const int Quality = 90;

    private readonly List<CnnImage> _images = [];

    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public object InputObject { get; set; } = null!;

    [Parameter(Mandatory = true, Position = 0)]
    public string Path { get; set; } = "";

    [Parameter]
    [Number<int>]
    public int? Columns { get; set; }

    [Parameter]
    [Number<int>]
    public int? Scale { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void Process()
    {
        if (FilesOf(InputObject) is { } files)
        {
            Each(files, path => _images.Add(ImageFile.Read(Backend.Images, path, ImageChanges.None)));
            return;
        }

        switch (InputObject.Unwrap())
        {
            case CnnImage image:
                _images.Add(image);
                break;
            case CnnDataset dataset:
                _images.AddRange(dataset.Sample());
                break;
            case var other:
                throw Errors.InvalidArgument(nameof(InputObject), other, "an image, an image file or a data set");
        }
    }

    protected override void Finish()
    {
        Require(nameof(Columns), Columns, most: 1000);
        Require(nameof(Scale), Scale, most: 100);
        string path = ResolveOutput(Path);
        ImageFormat format = ImageFile.FormatOf(path);
        RequireNew(path, Force);

        CnnImage grid = ImageGrid.Draw(_images, Columns ?? ImageGrid.DefaultColumns, Scale);
        if (!ShouldProcess(path, $"Export a grid of {_images.Count} images"))
        {
            return;
        }

        ImageFile.Write(Backend.Images, grid, path, format, Quality);
        if (PassThru)
        {
            WriteItem(path);
        }
    }

    private static void Require(string parameter, int? value, int most)
    {
        if (value < 1 || value > most)
        {
            throw Errors.InvalidArgument(parameter, value, $"a whole number from 1 to {most}");
        }
    }
}
