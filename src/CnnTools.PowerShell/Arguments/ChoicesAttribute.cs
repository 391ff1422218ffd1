using System.Collections;
using System.Management.Automation;

namespace CnnTools.PowerShell.Arguments;

/// <summary>One or more of an enumeration's names, each read as <see cref="ChoiceAttribute{T}"/> reads it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ChoicesAttribute<T> : ArgumentTransformationAttribute
    where T : struct, Enum
{
    private readonly ChoiceAttribute<T> _choice = new();

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData.Unwrap() switch
        {
            IList list => list.Cast<object?>().Select(item => _choice.Transform(engineIntrinsics, item)).OfType<T>().ToArray(),
            var single => _choice.Transform(engineIntrinsics, single) is T choice ? (T[])[choice] : null,
        };
}
