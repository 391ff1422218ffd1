using System.Management.Automation;
using CnnTools.Backends;
using CnnTools.Graphs.Layers;

namespace CnnTools.PowerShell.Definitions;

/// <summary>ReLU, Tanh, Sigmoid and their kin: a word for each.</summary>
public sealed class ActivationWord : Word
{
    /// <summary>Given by the word's function.</summary>
    [Parameter(DontShow = true)]
    public Activation Function { get; set; }

    protected override void Write() =>
        Network.Then(Name, Function.ToString().ToLowerInvariant(), new Activate(Function));
}
