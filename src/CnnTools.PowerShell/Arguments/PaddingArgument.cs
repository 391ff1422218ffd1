using System.Management.Automation;
using CnnTools.Backends;

namespace CnnTools.PowerShell.Arguments;

/// <summary>Rows and columns to be added: numbers, or as many as keep the size.</summary>
public readonly record struct PaddingChoice
{
    private readonly Padding? _numbers;

    private PaddingChoice(Padding? numbers) => _numbers = numbers;

    public static PaddingChoice None { get; } = new(default(Padding));

    /// <summary>What keeps height and width; an odd row or column is added below or right, as PyTorch has it.</summary>
    public static PaddingChoice Same { get; } = new(null);

    public static PaddingChoice Of(Padding numbers) => new(numbers);

    /// <summary>The numbers, where no window is there that Same could look at.</summary>
    /// <exception cref="CnnException">It is Same.</exception>
    internal Padding Fixed => _numbers ?? throw Errors.InvalidArgument("Padding", "Same", "one, two or four numbers here");

    /// <exception cref="CnnException">It is Same and the stride is not 1.</exception>
    internal Padding For(Pair kernel, Pair stride, Pair dilation)
    {
        if (_numbers is { } numbers)
        {
            return numbers;
        }

        if (stride != 1)
        {
            throw Errors.InvalidArgument("Padding", "Same", $"numbers where the stride is {stride}, which changes the size");
        }

        int rows = Math.Max(0, dilation.Vertical * (kernel.Vertical - 1));
        int columns = Math.Max(0, dilation.Horizontal * (kernel.Horizontal - 1));
        return new(rows / 2, rows - (rows / 2), columns / 2, columns - (columns / 2));
    }
}

/// <summary>Reads a padding from Same, 1, 1,2 (vertical, horizontal), or 0,1,0,1 (top, bottom, left, right).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PaddingArgumentAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData is null or PaddingChoice or PSObject { BaseObject: PaddingChoice }
            ? inputData
            : Numbers.Show(inputData).Equals("same", StringComparison.OrdinalIgnoreCase)
                ? PaddingChoice.Same
                : Numbers.Read(inputData) switch
                {
                    [int all] => PaddingChoice.Of(all),
                    [int vertical, int horizontal] => PaddingChoice.Of(new(vertical, vertical, horizontal, horizontal)),
                    [int top, int bottom, int left, int right] => PaddingChoice.Of(new(top, bottom, left, right)),
                    _ => throw new ArgumentTransformationMetadataException(
                        $"'{Numbers.Show(inputData)}' is neither Same nor one whole number, two (vertical,horizontal) or four (top,bottom,left,right)."),
                };
}
