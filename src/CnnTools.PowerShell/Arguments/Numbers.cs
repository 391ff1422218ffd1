using System.Collections;
using System.Globalization;

namespace CnnTools.PowerShell.Arguments;

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

    public static string Show(object? value) => value.Unwrap() switch
    {
        null => "",
        string text => text,
        // A list within a list is no number, and may be the list itself.
        IList list => string.Join(',', list.Cast<object?>().Select(item => item is IList ? item.GetType().Name : Show(item))),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        var other => other.ToString() ?? "",
    };
}
