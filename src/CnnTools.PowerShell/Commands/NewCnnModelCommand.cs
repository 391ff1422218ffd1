using System.Management.Automation;
using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.PowerShell.Arguments;
using CnnTools.PowerShell.Definitions;
using CnnTools.Weights;
using CnnTools.Zoo;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsCommon.New, "CnnModel", DefaultParameterSetName = "Architecture")]
[OutputType(typeof(CnnModel))]
public sealed class NewCnnModelCommand : ArchitectureCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Architecture")]
    [ArgumentCompleter(typeof(ArchitectureCompleter))]
    public string Architecture { get; set; } = "";

    [Parameter(Mandatory = true, ParameterSetName = "Definition")]
    public ScriptBlock Definition { get; set; } = null!;

    [Parameter(Mandatory = true, ParameterSetName = "DefinitionPath")]
    public string DefinitionPath { get; set; } = "";

    [Parameter]
    public string? Name { get; set; }

    [Parameter]
    [Number<ulong>]
    public ulong? Seed { get; set; }

    [Parameter]
    public string? Weights { get; set; }

    [Parameter]
    [SupportsWildcards]
    public string[]? Freeze { get; set; }

    protected override void Process()
    {
        CnnModel model = ParameterSetName switch
        {
            "Definition" => Create(Define()),
            "DefinitionPath" => Create(ReadDefinition()),
            _ => Create(Catalog.Get(Architecture)),
        };

        try
        {
            Prepare(model);
        }
        catch
        {
            model.Dispose();
            throw;
        }

        Tell(model);
        WriteObject(model);
    }

    private string? Label => string.IsNullOrEmpty(Name) ? null : Name;

    private CnnModel Create(Architecture architecture) => CnnModel.Create(
        Backend.Current, architecture, InputShape ?? architecture.Input, Classes ?? architecture.Classes, Seed ?? 0,
        Device.Cpu, Label, Options);

    private CnnModel Create(NamedGraph network) =>
        CnnModel.Create(Backend.Current, network, Seed ?? 0, Label);

    private NamedGraph Define()
    {
        RequireNoOptions();
        Shape input = InputShape ?? throw Errors.NoInputShape();
        return new(Label ?? "Custom", NetworkDefinition.Run(Definition, input, this));
    }

    private NamedGraph ReadDefinition()
    {
        RequireNoOptions();
        return InputShape is null
            ? NetworkFile.Read(ResolveOutput(DefinitionPath))
            : throw Errors.OptionNotTaken("A network from a file", nameof(InputShape), []);
    }

    /// <summary>What is written down has its form.</summary>
    private void RequireNoOptions()
    {
        if (Classes is not null || Options.Given.Any())
        {
            throw Errors.OptionNotTaken("A definition", Classes is null ? Options.Given.First().Name : nameof(Classes), []);
        }
    }

    /// <summary>The weights to begin with, and those to keep.</summary>
    private void Prepare(CnnModel model)
    {
        if (ResolveOptional(Weights) is { } path)
        {
            TransferReport report = Transfer.Load(model, path);
            if (report.IsWhole)
            {
                WriteVerbose($"{model.Name}: {report}");
            }
            else
            {
                WriteWarning($"{model.Name}: {report}");
            }
        }

        if (Freeze is { Length: > 0 })
        {
            model.Freeze([.. Freeze.Select(text =>
                new FreezePattern(text, new WildcardPattern(text, WildcardOptions.IgnoreCase).IsMatch))]);
        }
    }
}
