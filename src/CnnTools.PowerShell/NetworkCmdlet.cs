using System.ComponentModel;
using System.Management.Automation;
using CnnTools.Graphs;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell;

/// <summary>What cmdlets that look at a network share: where it comes from. They need no weights.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class NetworkCmdlet : ArchitectureCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ModelArgument]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public ModelArgument Model { get; set; } = null!;

    /// <summary>The network and its label.</summary>
    /// <exception cref="CnnException">There is none, its shapes cannot be, or it has a form already and another is asked for.</exception>
    private protected NamedGraph OpenNetwork()
    {
        bool byName = false;
        NamedGraph network = ModelSource.OpenNetwork(
            Model,
            architecture =>
            {
                byName = true;
                return architecture.Build(InputShape ?? architecture.Input, Classes ?? architecture.Classes, Options);
            },
            ResolveOutput);
        return byName || !HasForm
            ? network
            : throw Errors.IncompatibleArguments(
                "-InputShape, -Classes and a network's options are for networks by name; a model has its own.",
                "Leave them out, or give a name (Get-CnnArchitecture).");
    }
}
