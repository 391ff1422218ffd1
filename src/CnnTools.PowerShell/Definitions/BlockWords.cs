using System.Management.Automation;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell.Definitions;

/// <summary>Block -Name NAME { ... }: layers under a common name.</summary>
public sealed class BlockWord : Word
{
    [Parameter(Position = 0)]
    public ScriptBlock? Body { get; set; }

    protected override void Write() => Network.Inside(
        Name ?? Network.NextName("block"),
        Body ?? throw Errors.WordLacks("Block", nameof(Body), "Block -Name stem { Conv2d 64 7; ReLU }"));
}

/// <summary>Repeat COUNT { ... }: the block's argument counts from 0; break and continue work as in any loop.</summary>
public sealed class RepeatWord : Word
{
    [Parameter(Position = 0)]
    [Number<int>]
    public int? Count { get; set; }

    [Parameter(Position = 1)]
    public ScriptBlock? Body { get; set; }

    protected override void Write()
    {
        const string Example = "Repeat 3 { Conv2d 64 3 -Padding 1; ReLU }";
        int count = Count ?? throw Errors.WordLacks("Repeat", nameof(Count), Example);
        ScriptBlock body = Body ?? throw Errors.WordLacks("Repeat", nameof(Body), Example);
        if (count < 0)
        {
            throw Errors.InvalidArgument(nameof(Count), count, "at least 0");
        }

        for (int i = 0; i < count; i++)
        {
            try
            {
                Network.Inside(Name is null ? null : $"{Name}.{i}", body, i);
            }
            catch (BreakException exception) when (string.IsNullOrEmpty(exception.Label))
            {
                return;
            }
            catch (ContinueException exception) when (string.IsNullOrEmpty(exception.Label))
            {
                // The next round, as in any loop.
            }
        }
    }
}
