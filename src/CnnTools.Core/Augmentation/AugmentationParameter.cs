using System.Collections.Immutable;
using System.Globalization;

namespace CnnTools.Augmentation;

/// <summary>What one of an augmentation's numbers may be.</summary>
/// <param name="Name">As it is written: p=0.5.</param>
/// <param name="Default">Taken where none is given; null where one must be.</param>
public sealed record AugmentationParameter(string Name, string? Default)
{
    internal double Least { get; init; }

    internal double Most { get; init; } = double.MaxValue;

    /// <summary>Whole numbers only.</summary>
    internal bool IsWhole { get; init; }

    /// <summary>What a single number x is short for; null where two must be given, or where it is a number.</summary>
    internal Func<double, NumberRange>? Around { get; init; }

    /// <summary>Two numbers, the least and the most, with a comma between.</summary>
    internal bool IsRange { get; init; }

    /// <summary>The words that it may be; none where it is numbers.</summary>
    internal ImmutableArray<string> Words { get; init; } = [];

    internal string Expected => Words.Length > 0
        ? $"one of {string.Join(", ", Words)}"
        : (IsRange, Around) switch
        {
            (true, null) => $"two numbers {Bounds}, the least and the most, as {Default}",
            (true, _) => $"a number, or two, the least and the most with a comma between, {Bounds}",
            _ => $"a {(IsWhole ? "whole " : "")}number {Bounds}",
        };

    private string Bounds => Most == double.MaxValue
        ? string.Create(CultureInfo.InvariantCulture, $"of at least {Least}")
        : string.Create(CultureInfo.InvariantCulture, $"from {Least} to {Most}");

    public override string ToString() => Default is null ? Name : $"[{Name}]";

    /// <summary>The range that a text stands for; a number is one of a single value. Null where it is none.</summary>
    internal NumberRange? TryRead(string text)
    {
        string[] parts = text.Split(',');
        double[] numbers = new double[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i]))
            {
                return null;
            }
        }

        NumberRange? range = numbers switch
        {
            [double only] when !IsRange => new(only, only),
            [double only] when only >= 0 => Around?.Invoke(only),
            [double low, double high] when IsRange && low <= high => new(low, high),
            _ => null,
        };
        return range is { } read && read.Low >= Least && read.High <= Most && (!IsWhole || read.Low == Math.Floor(read.Low)) ? range : null;
    }
}
