using System.Management.Automation;
using CnnTools.Graphs;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "CnnLayer")]
[OutputType(typeof(LayerRecord))]
public sealed class GetCnnLayerCommand : NetworkCmdlet
{
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LayerCompleter))]
    public string[] Name { get; set; } = ["*"];

    protected override void Process()
    {
        (string model, Graph graph) = OpenNetwork();
        IReadOnlyList<LayerRecord> layers = LayerRecord.Of(model, graph);
        WildcardPattern[] patterns = [.. Name.Select(name => new WildcardPattern(name, WildcardOptions.IgnoreCase))];
        WriteObject(layers.Where(layer => patterns.Any(p => p.IsMatch(layer.Name))), enumerateCollection: true);
        foreach (string name in Name.Where(name => !WildcardPattern.ContainsWildcardCharacters(name)))
        {
            if (!layers.Any(layer => layer.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                WriteError(Errors.UnknownLayer(model, name, layers.Select(layer => layer.Name)).ToErrorRecord());
            }
        }
    }
}
