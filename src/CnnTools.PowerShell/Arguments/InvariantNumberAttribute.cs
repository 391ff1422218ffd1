using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace CnnTools.PowerShell.Arguments;

/// <summary>
/// Numbers that arrive as text, from Import-Csv for one, are read invariantly whatever the session's culture; an empty
/// cell leaves the parameter unset. PowerShell alone would read "0,001" as 1.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InvariantNumberAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            string text => string.IsNullOrWhiteSpace(text) ? null : Parse(text),
            IList { Count: 2 } list => throw new ArgumentTransformationMetadataException(
                $"{list[0]},{list[1]} is a list of two numbers. The decimal sign is a point: 0.001."),
            _ => inputData,
        };

    private static double Parse(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw new ArgumentTransformationMetadataException(
                $"'{text}' is not a number. The decimal sign is a point: 0.001.");
}
