using System.Management.Automation;

namespace CnnTools.PowerShell.Arguments;

/// <summary>
/// Augmentations as a list of texts; a cell of a CSV file has several with semicolons between, and an empty one none.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AugmentationArgumentAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is string text
            ? text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : inputData;
}
