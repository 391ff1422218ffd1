using System.Management.Automation;
using CnnTools.Backends;
using CnnTools.PowerShell.Arguments;
using CnnTools.Zoo;

namespace CnnTools.PowerShell;

/// <summary>What cmdlets that make a network by name share: the parameters that choose its form.</summary>
public abstract class ArchitectureCmdlet : CnnCmdlet
{
    [Parameter]
    [ShapeArgument]
    public Shape? InputShape { get; set; }

    [Parameter]
    [Number<int>]
    public int? Classes { get; set; }

    [Parameter]
    [Choice<Stem>]
    public Stem? Stem { get; set; }

    [Parameter]
    [Choice<Activation>]
    public Activation? Activation { get; set; }

    [Parameter]
    [Choice<Pooling>]
    public Pooling? Pooling { get; set; }

    [Parameter]
    [Choice<Shortcut>]
    public Shortcut? Shortcut { get; set; }

    [Parameter]
    [Choice<Placement>]
    public Placement? Placement { get; set; }

    [Parameter]
    [Number<double>]
    public double? Dropout { get; set; }

    [Parameter]
    public bool? AuxiliaryHeads { get; set; }

    private protected ArchitectureOptions Options => new()
    {
        Stem = Stem,
        Activation = Activation,
        Pooling = Pooling,
        Shortcut = Shortcut,
        Placement = Placement,
        Dropout = Dropout,
        AuxiliaryHeads = AuxiliaryHeads,
    };

    /// <summary>Whether anything was said about the network's form.</summary>
    private protected bool HasForm => InputShape is not null || Classes is not null || Options.Given.Any();

    private protected void Tell(CnnModel model) =>
        WriteVerbose($"{model.Name}: {model.Parameters:N0} parameters, input {model.InputShape}"
            + (model.Options.Given.Any() ? $", {model.Options}" : "") + StemsReason(model)
            + (model.Frozen.Count > 0 ? $"; {model.Frozen.Count} weights are frozen" : "") + ".");

    /// <summary>Why it has the stem that it has, where nobody chose.</summary>
    private string StemsReason(CnnModel model) => Stem is null && model.Options.Stem is { } stem
        ? $" ({stem} for images of {(stem == Zoo.Stem.Conv3x3 ? "at most" : "more than")} {Stems.LargestSmallImage} pixels; -Stem overrides it)"
        : "";
}
