using System.Management.Automation;

namespace CnnTools.PowerShell.Arguments;

/// <summary>One of an enumeration's names; an empty cell of a CSV file leaves the parameter unset.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ChoiceAttribute<T> : ArgumentTransformationAttribute
    where T : struct, Enum
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData.Unwrap() switch
        {
            null => null,
            T choice => choice,
            string text when string.IsNullOrWhiteSpace(text) => null,
            string text when Enum.GetNames<T>().Contains(text.Trim(), StringComparer.OrdinalIgnoreCase) =>
                Enum.Parse<T>(text, ignoreCase: true),
            var other => throw new ArgumentTransformationMetadataException(
                $"'{other}' is none of {string.Join(", ", Enum.GetNames<T>())}."),
        };
}
