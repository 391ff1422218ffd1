using System.Collections;
using System.Management.Automation;
using System.Numerics;

namespace CnnTools.PowerShell.Arguments;

/// <summary>One or more whole numbers, each read as <see cref="NumberAttribute{T}"/> reads it; a cell of a CSV file may hold several.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NumbersAttribute<T> : ArgumentTransformationAttribute
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    private readonly NumberAttribute<T> _number = new();

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData.Unwrap() switch
        {
            string text => Read(engineIntrinsics, text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)),
            IList list => Read(engineIntrinsics, list),
            var single => _number.Transform(engineIntrinsics, single) is T number ? (T[])[number] : null,
        };

    /// <summary>Null where there are none: the parameter is unset.</summary>
    private T[]? Read(EngineIntrinsics engineIntrinsics, IEnumerable items) =>
        items.Cast<object?>().Select(item => _number.Transform(engineIntrinsics, item)).OfType<T>().ToArray() is { Length: > 0 } numbers ? numbers : null;
}
