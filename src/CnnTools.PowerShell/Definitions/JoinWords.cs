using System.Management.Automation;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell.Definitions;

/// <summary>What words share whose blocks all read the same node and meet again.</summary>
public abstract class JoinWord : Word
{
    /// <summary>Runs each block from where the word stands; an empty one is the input itself.</summary>
    /// <returns>Where each ends.</returns>
    private protected static string[] RunAll(string name, IEnumerable<ScriptBlock> blocks)
    {
        string start = Network.Last;
        return
        [
            .. blocks.Select(block =>
            {
                Network.From(start);
                return Network.Inside(name, block);
            }),
        ];
    }
}

/// <summary>Joins of any number of blocks.</summary>
public abstract class BranchingWord : JoinWord
{
    [Parameter(Position = 0, ValueFromRemainingArguments = true)]
    public ScriptBlock[] Blocks { get; set; } = [];

    private protected abstract string Stem { get; }

    private protected abstract (string Stem, Layer Layer) Join { get; }

    protected override void Write()
    {
        if (Blocks.Length < 2)
        {
            throw Errors.WordLacks(Stem, "two blocks", $"{Stem} {{ Conv2d 16 1 }} {{ Conv2d 16 5 -Padding 2 }}");
        }

        string name = Name ?? Network.NextName(Stem.ToLowerInvariant());
        string[] ends = RunAll(name, Blocks);
        Network.Join($"{name}.{Join.Stem}", Join.Stem, Join.Layer, ends);
    }
}

/// <summary>Branch { ... } { ... }: concatenated along the channels.</summary>
public sealed class BranchWord : BranchingWord
{
    private protected override string Stem => "Branch";

    private protected override (string, Layer) Join => ("concat", new Concat());
}

/// <summary>Sum { ... } { ... }</summary>
public sealed class SumWord : BranchingWord
{
    private protected override string Stem => "Sum";

    private protected override (string, Layer) Join => ("add", new Add());
}

/// <summary>Residual { ... } -Shortcut { ... }: the block's output and its input, which a shortcut may change, added.</summary>
public sealed class ResidualWord : JoinWord
{
    [Parameter(Position = 0)]
    public ScriptBlock? Body { get; set; }

    /// <summary>What the input goes through; nothing where not given.</summary>
    [Parameter(Position = 1)]
    public ScriptBlock? Shortcut { get; set; }

    /// <summary>What the block's output is multiplied with before it is added.</summary>
    [Parameter]
    [Number<double>]
    public double Scale { get; set; } = 1;

    protected override void Write()
    {
        ScriptBlock body = Body ?? throw Errors.WordLacks("Residual", nameof(Body), "Residual { Conv2d 32 3 -Padding 1 }");
        string name = Name ?? Network.NextName("residual");
        string start = Network.Last;
        string end = Network.Inside(name, body);
        if (Scale != 1)
        {
            end = Network.Then($"{name}.scale", "scale", new Affine(Scale));
        }

        Network.From(start);
        string shortcut = Shortcut is null ? start : Network.Inside(name, Shortcut);
        Network.Join($"{name}.add", "add", new Add(), end, shortcut);
    }
}

/// <summary>Dense { ... }: the block's output behind its input, concatenated along the channels.</summary>
public sealed class DenseWord : JoinWord
{
    [Parameter(Position = 0)]
    public ScriptBlock? Body { get; set; }

    protected override void Write()
    {
        ScriptBlock body = Body ?? throw Errors.WordLacks("Dense", nameof(Body), "Dense { BatchNorm2d; ReLU; Conv2d 12 3 -Padding 1 }");
        string name = Name ?? Network.NextName("dense");
        string start = Network.Last;
        Network.Join($"{name}.concat", "concat", new Concat(), start, Network.Inside(name, body));
    }
}

/// <summary>Gate { ... }: its input times the block's output.</summary>
public sealed class GateWord : JoinWord
{
    [Parameter(Position = 0)]
    public ScriptBlock? Body { get; set; }

    protected override void Write()
    {
        ScriptBlock body = Body ?? throw Errors.WordLacks("Gate", nameof(Body), "Gate { AdaptiveAvgPool2d 1; Conv2d 32 1; Sigmoid }");
        string name = Name ?? Network.NextName("gate");
        string start = Network.Last;
        Network.Join($"{name}.multiply", "multiply", new Multiply(), start, Network.Inside(name, body));
    }
}
