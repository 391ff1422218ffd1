using System.Globalization;

namespace CnnTools.PowerShell.Arguments;

/// <summary>What -ClassWeights takes: Balanced, or a number for each class.</summary>
internal static class ClassWeightsArgument
{
    public const string Balanced = nameof(Balanced);

    public static bool IsBalanced(object[]? values) =>
        values is [{ } word] && string.Equals(word.ToString(), Balanced, StringComparison.OrdinalIgnoreCase);

    /// <summary>Null where there are none, or the word was given.</summary>
    public static IReadOnlyList<double>? Numbers(object[]? values)
    {
        if (values is null or [] || IsBalanced(values) || (values is [string cell] && string.IsNullOrWhiteSpace(cell)))
        {
            return null;
        }

        return [.. Arguments.Numbers.Show(values).Split(',', StringSplitOptions.TrimEntries).Select(Parse)];

        double Parse(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw Errors.InvalidArgument("ClassWeights", Arguments.Numbers.Show(values), "Balanced, or a number for each class");
    }
}

/// <summary>The word that -ClassWeights knows.</summary>
public sealed class ClassWeightsCompleter : NameCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Names =>
        [(ClassWeightsArgument.Balanced, "classes with few images count more")];
}
