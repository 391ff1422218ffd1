using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;

namespace CnnTools.PowerShell.Arguments;

/// <summary>
/// A number, read strictly. Text, from Import-Csv for one, is read invariantly whatever the session's culture, and an
/// empty cell leaves the parameter unset; PowerShell alone would read "0,001" as 1, round 2.5 to 2, and pass over a
/// cell that it cannot convert without a word.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NumberAttribute<T> : ArgumentTransformationAttribute
    where T : struct, INumber<T>, IMinMaxValue<T>
{
    private static readonly bool IsWhole = T.One / (T.One + T.One) == T.Zero;

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData.Unwrap() switch
        {
            null => null,
            T number => number,
            string text => string.IsNullOrWhiteSpace(text) ? null : Parse(text),
            double number => FromDouble(number),
            float number => FromDouble(number),
            IConvertible number and not bool and not char and not Enum => Parse(number.ToString(CultureInfo.InvariantCulture)),
            IList list => throw Failure(
                $"a list ({string.Join(" and ", list.Cast<object?>())}) was given. The decimal sign is a point: 0.001"),
            var other => throw Failure($"'{other}' is not a number"),
        };

    private static object Parse(string text) =>
        T.TryParse(text, IsWhole ? NumberStyles.Integer : NumberStyles.Float, CultureInfo.InvariantCulture, out T number)
            ? number
            : IsWhole && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double whole)
                ? FromDouble(whole)
                : throw Failure($"'{text}' is not a number here. The decimal sign is a point: 0.001");

    /// <summary>1e3 is 1000; what has a fraction, or is too large, is no whole number.</summary>
    private static object FromDouble(double number)
    {
        try
        {
            return !IsWhole || double.IsInteger(number) ? T.CreateChecked(number) : throw Failure($"{Show(number)} is not a whole number");
        }
        catch (OverflowException)
        {
            throw Failure($"{Show(number)} is outside {T.MinValue} to {T.MaxValue}");
        }
    }

    private static string Show(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static ArgumentTransformationMetadataException Failure(string reason) =>
        new($"A {(IsWhole ? "whole number" : "number")} is expected: {reason}.");
}
