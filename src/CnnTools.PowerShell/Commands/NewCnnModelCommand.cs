using System.Management.Automation;
using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.PowerShell.Arguments;
using CnnTools.Weights;
using CnnTools.Zoo;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsCommon.New, "CnnModel")]
[OutputType(typeof(CnnModel))]
public sealed class NewCnnModelCommand : ArchitectureCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(ArchitectureCompleter))]
    public string Architecture { get; set; } = "";

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
        Architecture architecture = Catalog.Get(Architecture);
        CnnModel model = CnnModel.Create(
            Backend.Current,
            architecture,
            InputShape ?? architecture.Input,
            Classes ?? architecture.Classes,
            Seed ?? 0,
            Device.Cpu,
            string.IsNullOrEmpty(Name) ? null : Name,
            Options);
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
