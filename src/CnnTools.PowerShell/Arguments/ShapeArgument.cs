using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace CnnTools.PowerShell.Arguments;

/// <summary>Reads an image's shape from 1,28,28 or "1x28x28"; what it does not know it passes on.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ShapeArgumentAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = inputData.Unwrap();
        string? text = value switch
        {
            string typed => typed,
            IList list => string.Join(',', list.Cast<object?>()),
            int number => number.ToString(CultureInfo.InvariantCulture),
            _ => null,
        };
        if (string.IsNullOrWhiteSpace(text))
        {
            return value is string ? null : inputData;
        }

        Shape? given = Shape.TryParse(text);
        string plane = given is { Rank: 1 or 2 } sizes ? $"{sizes[0]},{sizes[sizes.Rank - 1]}" : "32,32";
        return given is { Rank: 3 } shape
            ? shape
            : throw new ArgumentTransformationMetadataException(
                $"'{text}' is not the shape of an image: give channels,height,width, for example 1,{plane} or 3,{plane}.");
    }
}
