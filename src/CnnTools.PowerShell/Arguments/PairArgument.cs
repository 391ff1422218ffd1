using System.Management.Automation;
using CnnTools.Backends;

namespace CnnTools.PowerShell.Arguments;

/// <summary>Reads a vertical and a horizontal size from 3, from 1,7, or from "1x7"; an empty cell of a CSV file is none.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PairArgumentAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData is null or Pair or PSObject { BaseObject: Pair }
            ? inputData
            : string.IsNullOrWhiteSpace(Numbers.Show(inputData)) ? null
            : Numbers.Read(inputData) switch
            {
                [int both] => new Pair(both, both),
                [int vertical, int horizontal] => new Pair(vertical, horizontal),
                _ => throw new ArgumentTransformationMetadataException(
                    $"'{Numbers.Show(inputData)}' is not one whole number, or two: vertical,horizontal."),
            };
}
