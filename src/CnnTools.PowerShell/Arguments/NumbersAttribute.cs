using System.Collections;
using System.Management.Automation;
using System.Numerics;

namespace CnnTools.PowerShell.Arguments;

/// <summary>One or more numbers, each read as <see cref="NumberAttribute{T}"/> reads it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NumbersAttribute<T> : ArgumentTransformationAttribute
    where T : struct, INumber<T>, IMinMaxValue<T>
{
    private readonly NumberAttribute<T> _number = new();

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData.Unwrap() switch
        {
            IList list => list.Cast<object?>().Select(item => _number.Transform(engineIntrinsics, item)).OfType<T>().ToArray(),
            var single => _number.Transform(engineIntrinsics, single) is T number ? (T[])[number] : null,
        };
}
