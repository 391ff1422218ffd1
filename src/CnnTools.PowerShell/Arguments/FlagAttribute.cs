using System.Management.Automation;

namespace CnnTools.PowerShell.Arguments;

/// <summary>A switch that a cell of a CSV file can set: True or False, 1 or 0; an empty cell leaves it unset.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FlagAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            string text when string.IsNullOrWhiteSpace(text) => new SwitchParameter(false),
            string text when bool.TryParse(text, out bool flag) => new SwitchParameter(flag),
            string text => text.Trim() switch
            {
                "1" => new SwitchParameter(true),
                "0" => new SwitchParameter(false),
                _ => throw new ArgumentTransformationMetadataException($"'{text}' is neither True nor False."),
            },
            _ => inputData,
        };
}
