using System.Collections;
using System.Globalization;
using System.Management.Automation;
using CnnTools.Backends;

namespace CnnTools.PowerShell.Arguments;

/// <summary>Reads a vertical and a horizontal size from 3, from 1,7, or from "1x7".</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PairArgumentAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData is null or Pair or PSObject { BaseObject: Pair }
            ? inputData
            : Numbers.Read(inputData) switch
            {
                [int both] => new Pair(both, both),
                [int vertical, int horizontal] => new Pair(vertical, horizontal),
                _ => throw new ArgumentTransformationMetadataException(
                    $"'{Numbers.Show(inputData)}' is not one whole number, or two: vertical,horizontal."),
            };
}

/// <summary>Whole numbers as they are typed.</summary>
internal static class Numbers
{
    /// <summary>Null where one of them is no whole number.</summary>
    public static int[]? Read(object? value)
    {
        string[] items = Show(value).Split([',', 'x', 'X'], StringSplitOptions.TrimEntries);
        int[] numbers = new int[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            if (!int.TryParse(items[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return null;
            }
        }

        return numbers;
    }

    public static string Show(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => "",
        string text => text,
        // A list within a list is no number, and may be the list itself.
        IList list => string.Join(',', list.Cast<object?>().Select(item => item is IList ? item.GetType().Name : Show(item))),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        var other => other.ToString() ?? "",
    };
}
