using System.Management.Automation;

namespace CnnTools.PowerShell.Arguments;

/// <summary>An empty cell of a CSV file leaves the parameter unset.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EmptyIsUnsetAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is string text && string.IsNullOrWhiteSpace(text)
            ? null
            : inputData;
}
