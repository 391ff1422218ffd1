using System.Management.Automation;
using CnnTools.PowerShell.Arguments;
using CnnTools.Weights;
using CnnTools.Zoo;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsData.Import, "CnnModel", DefaultParameterSetName = "Path")]
[OutputType(typeof(CnnModel))]
public sealed class ImportCnnModelCommand : ArchitectureCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Path")]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "Checkpoint")]
    [AllowNull]
    [AllowEmptyString]
    public string?[]? LiteralPath { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(ArchitectureCompleter))]
    public string? Architecture { get; set; }

    [Parameter]
    public string? Name { get; set; }

    protected override void Process()
    {
        foreach (string path in ParameterSetName == "Path" ? Path.SelectMany(ResolveInput) : (LiteralPath ?? [null]).Select(ResolveCheckpoint))
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
            return !HasForm
                ? ModelFile.Read(Backend.Current, path, name)
                : throw Errors.IncompatibleArguments(
                    "-InputShape, -Classes and a network's options are for files without a network in them.",
                    "Leave them out, or say which network the weights are for: -Architecture.");
        }

        Architecture architecture = Catalog.Get(Architecture);
        Shape input = InputShape ?? architecture.Input;
        ArchitectureOptions options = architecture.Complete(input, Options);
        CnnModel model = ModelFile.ReadWeights(
            Backend.Current,
            path,
            architecture.Name,
            architecture.Build(input, Classes ?? architecture.Classes, options),
            name,
            options);
        Tell(model);
        return model;
    }
}
