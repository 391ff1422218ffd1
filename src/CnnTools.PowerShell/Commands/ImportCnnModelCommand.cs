using System.Management.Automation;
using CnnTools.PowerShell.Arguments;
using CnnTools.Weights;
using CnnTools.Zoo;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsData.Import, "CnnModel", DefaultParameterSetName = "Path")]
[OutputType(typeof(CnnModel))]
public sealed class ImportCnnModelCommand : CnnCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Path")]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "Checkpoint")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter]
    [ArgumentCompleter(typeof(ArchitectureCompleter))]
    public string? Architecture { get; set; }

    [Parameter]
    [ShapeArgument]
    public Shape? InputShape { get; set; }

    [Parameter]
    [InvariantNumber]
    public int? Classes { get; set; }

    [Parameter]
    public string? Name { get; set; }

    protected override void Process()
    {
        foreach (string path in ParameterSetName == "Path" ? Path.SelectMany(Expand) : LiteralPath.Select(ResolveOutput))
        {
            try
            {
                WriteObject(Read(path));
            }
            catch (CnnException exception)
            {
                // One bad file does not keep the others from being read.
                WriteError(exception.ToErrorRecord());
            }
        }
    }

    private CnnModel Read(string path)
    {
        if (string.IsNullOrEmpty(Architecture))
        {
            return ModelFile.Read(Backend.Current, path, Name);
        }

        Architecture architecture = Catalog.Get(Architecture);
        return ModelFile.ReadWeights(
            Backend.Current,
            path,
            architecture.Name,
            architecture.Build(InputShape ?? architecture.Input, Classes ?? architecture.Classes),
            Name);
    }

    private IEnumerable<string> Expand(string path)
    {
        try
        {
            return GetResolvedProviderPathFromPSPath(path, out _);
        }
        catch (ItemNotFoundException)
        {
            return [ResolveOutput(path)];
        }
    }
}
