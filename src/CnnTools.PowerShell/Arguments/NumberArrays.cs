using System.Collections;
using System.Globalization;
using CnnTools.Operations;

namespace CnnTools.PowerShell.Arguments;

/// <summary>Reads numbers in nested arrays, in arrays of several dimensions, or in a mixture of them.</summary>
internal static class NumberArrays
{
    /// <exception cref="CnnException">They are no numbers, none at all, not rectangular, or of more than four dimensions.</exception>
    public static FeatureMap Read(object? value, string parameter)
    {
        List<float> numbers = [];
        int[] sizes = Add(value, parameter, numbers, depth: 0);
        return new([.. numbers], sizes.Length == 0 ? new(1) : new(sizes));
    }

    /// <returns>The sizes of what was added.</returns>
    private static int[] Add(object? value, string parameter, List<float> numbers, int depth)
    {
        object? item = value.Unwrap();
        if (item is not IList list)
        {
            numbers.Add(Number(item, parameter));
            return [];
        }

        // An array may hold itself: what is deeper than any data is not followed.
        int own = item is Array { Rank: > 1 and var rank } ? rank : 1;
        if (depth + own > FeatureMap.MostDimensions)
        {
            throw Errors.DataNotUnderstood(parameter, $"it has more than {FeatureMap.MostDimensions} dimensions");
        }

        if (list.Count == 0)
        {
            throw Errors.DataNotUnderstood(parameter, "it is empty, or a part of it is");
        }

        int[]? first = null;
        foreach (object? part in list)
        {
            int[] sizes = Add(part, parameter, numbers, depth + own);
            first ??= sizes;
            if (!sizes.AsSpan().SequenceEqual(first))
            {
                throw Errors.RaggedArray(parameter, Show(first), Show(sizes));
            }
        }

        int[] outer = item is Array array ? [.. Enumerable.Range(0, own).Select(array.GetLength)] : [list.Count];
        return [.. outer, .. first!];
    }

    private static float Number(object? item, string parameter)
    {
        if (item is not IConvertible number || number.GetTypeCode() is TypeCode.String or TypeCode.Char or TypeCode.DateTime or TypeCode.DBNull)
        {
            throw Errors.DataNotUnderstood(parameter, item switch
            {
                null => "an empty value is in it",
                string text => $"'{Short(text)}' is text",
                _ => $"a {item.GetType().Name} is no number",
            });
        }

        float read = number.ToSingle(CultureInfo.InvariantCulture);
        return float.IsInfinity(read) && double.IsFinite(number.ToDouble(CultureInfo.InvariantCulture))
            ? throw Errors.DataNotUnderstood(parameter, $"{number} is more than a 32-bit number holds")
            : read;
    }

    private static string Short(string text) => text.Length <= 60 ? text : $"{text[..60]}...";

    private static string Show(int[] sizes) => sizes.Length == 0 ? "a single number" : string.Join('x', sizes);
}
