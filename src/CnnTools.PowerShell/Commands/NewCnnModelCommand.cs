using System.Management.Automation;
using CnnTools.Backends;
using CnnTools.PowerShell.Arguments;
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
    public string? Name { get; set; }

    [Parameter]
    [Number<ulong>]
    public ulong? Seed { get; set; }

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
        Tell(model);
        WriteObject(model);
    }
}
