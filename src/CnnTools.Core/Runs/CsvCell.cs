using System.Globalization;

namespace CnnTools.Runs;

/// <summary>Values as text that is the same in every culture and reads back as the same value.</summary>
public static class CsvCell
{
    /// <summary>Null is empty, numbers round-trip, times are ISO 8601, enums are names.</summary>
    public static string Format(object? value) => value switch
    {
        null => "",
        string text => text,
        double or float or Half => ((IFormattable)value).ToString("R", CultureInfo.InvariantCulture),
        DateTime or DateTimeOffset or DateOnly or TimeOnly => ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
