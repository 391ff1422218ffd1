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
    [Number<int>]
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
        string? name = string.IsNullOrEmpty(Name) ? null : Name;
        if (string.IsNullOrEmpty(Architecture))
        {
            return InputShape is null && Classes is null
                ? ModelFile.Read(Backend.Current, path, name)
                : throw Errors.IncompatibleArguments(
                    "-InputShape and -Classes are for files without a network in them.",
                    "Leave them out, or say which network the weights are for: -Architecture.");
        }

        Architecture architecture = Catalog.Get(Architecture);
        return ModelFile.ReadWeights(
            Backend.Current,
            path,
            architecture.Name,
            architecture.Build(InputShape ?? architecture.Input, Classes ?? architecture.Classes),
            name);
    }

    private IEnumerable<string> Expand(string path)
    {
        try
        {
            IEnumerable<string> found = GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
            return provider.Name == "FileSystem" ? found : throw Errors.NotAFile(path, provider.Name);
        }
        catch (SessionStateException)
        {
            // What is not there is told as every file that is not.
            return [ResolveOutput(path)];
        }
    }
}
