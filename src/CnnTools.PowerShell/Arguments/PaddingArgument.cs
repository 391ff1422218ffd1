using System.Management.Automation;
using CnnTools.Backends;

namespace CnnTools.PowerShell.Arguments;

/// <summary>Rows and columns to be added: numbers, or as many as a rule says.</summary>
public readonly record struct PaddingChoice
{
    private readonly Rule _rule;
    private readonly Padding _numbers;

    private PaddingChoice(Rule rule, Padding numbers = default) => (_rule, _numbers) = (rule, numbers);

    private enum Rule
    {
        Numbers,
        Same,
        Full,
    }

    /// <summary>The field's "valid": windows lie within the image.</summary>
    public static PaddingChoice None { get; } = new(Rule.Numbers);

    /// <summary>What keeps height and width; an odd row or column is added below or right, as PyTorch has it.</summary>
    public static PaddingChoice Same { get; } = new(Rule.Same);

    /// <summary>As much as lets every value of the kernel meet every pixel: the kernel's size less one on each side.</summary>
    public static PaddingChoice Full { get; } = new(Rule.Full);

    public static PaddingChoice Of(Padding numbers) => new(Rule.Numbers, numbers);

    /// <summary>The numbers, where no window is there that a rule could look at.</summary>
    /// <exception cref="CnnException">It is a rule.</exception>
    internal Padding Fixed => _rule == Rule.Numbers
        ? _numbers
        : throw Errors.InvalidArgument("Padding", $"{_rule}", "one, two or four numbers here");

    /// <param name="flip">Puts the odd row or column of Same above or left, where scipy's convolve2d has it.</param>
    /// <exception cref="CnnException">It is Same and the stride is not 1.</exception>
    internal Padding For(Pair kernel, Pair stride, Pair dilation, bool flip = false)
    {
        int rows = Reach(dilation.Vertical, kernel.Vertical);
        int columns = Reach(dilation.Horizontal, kernel.Horizontal);
        return _rule switch
        {
            Rule.Numbers => _numbers,
            Rule.Full => new(rows, rows, columns, columns),
            _ when stride != 1 =>
                throw Errors.InvalidArgument("Padding", "Same", $"numbers where the stride is {stride}, which changes the size"),
            _ when flip => new(rows - (rows / 2), rows / 2, columns - (columns / 2), columns / 2),
            _ => new(rows / 2, rows - (rows / 2), columns / 2, columns - (columns / 2)),
        };
    }

    /// <summary>From a window's first row to its last; what is beyond all bounds a layer refuses.</summary>
    private static int Reach(int dilation, int kernel) => (int)Math.Clamp((long)dilation * (kernel - 1), 0, int.MaxValue);
}

/// <summary>
/// Reads a padding from Valid, Same, Full, 1, 1,2 (vertical, horizontal), or 0,1,0,1 (top, bottom, left, right).
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PaddingArgumentAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData is null or PaddingChoice or PSObject { BaseObject: PaddingChoice }
            ? inputData
            : Numbers.Show(inputData).ToUpperInvariant() switch
            {
                "VALID" => PaddingChoice.None,
                "SAME" => PaddingChoice.Same,
                "FULL" => PaddingChoice.Full,
                _ => Numbers.Read(inputData) switch
                {
                    [int all] => PaddingChoice.Of(all),
                    [int vertical, int horizontal] => PaddingChoice.Of(new(vertical, vertical, horizontal, horizontal)),
                    [int top, int bottom, int left, int right] => PaddingChoice.Of(new(top, bottom, left, right)),
                    _ => throw new ArgumentTransformationMetadataException(
                        $"'{Numbers.Show(inputData)}' is none of Valid, Same and Full, nor one whole number, two (vertical,horizontal) or four (top,bottom,left,right)."),
                },
            };
}
