using System.Globalization;

namespace CnnTools.Reports;

/// <summary>Numbers as a report shows them: the same in every culture.</summary>
internal static class Figure
{
    /// <summary>Stands where there is none.</summary>
    public const string Missing = "\u2013";

    /// <summary>A share of 1.</summary>
    public static TableCell Share(double? share, string? tip = null) => share is { } value
        ? new(value.ToString("F4", CultureInfo.InvariantCulture), ValueOf(value), tip)
        : TableCell.None;

    /// <summary>A loss; it may be no number.</summary>
    public static TableCell Loss(double? loss) => loss is { } value ? new(Digits(value), ValueOf(value)) : TableCell.None;

    public static TableCell Count(long? count, string? tip = null) => count is { } value
        ? new(value.ToString("#,0", CultureInfo.InvariantCulture), ValueOf(value), tip)
        : TableCell.None;

    /// <summary>Hours, minutes and seconds, as many as are needed.</summary>
    public static TableCell Duration(double seconds)
    {
        TimeSpan time = TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue));
        string text = seconds < 60 ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s")
            : time.TotalHours < 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds:00} s")
            : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes:00} min");
        return new(text, ValueOf(seconds));
    }

    /// <summary>A moment to the minute.</summary>
    public static TableCell Moment(DateTimeOffset moment) => new(
        moment.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        ValueOf(moment.ToUnixTimeSeconds()),
        moment.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture));

    /// <summary>Four decimals, or a power of ten where these say too little.</summary>
    public static string Digits(double value) => Math.Abs(value) is 0 or (>= 1e-3 and < 1e5)
        ? value.ToString("F4", CultureInfo.InvariantCulture)
        : value.ToString("0.###e+0", CultureInfo.InvariantCulture);

    /// <summary>For the script, which reads numbers as JavaScript writes them.</summary>
    private static string? ValueOf(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : null;
}
