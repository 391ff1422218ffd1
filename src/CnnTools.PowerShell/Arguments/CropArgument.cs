using System.Management.Automation;
using CnnTools.Backends;
using CnnTools.Images;

namespace CnnTools.PowerShell.Arguments;

/// <summary>Reads a part of an image from 224 or 120,160 (around the centre), or from top,left,height,width.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CropArgumentAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData is null or CropBox or PSObject { BaseObject: CropBox }
            ? inputData
            : Numbers.Read(inputData) switch
            {
                [int both] => new CropBox(null, both),
                [int height, int width] => new CropBox(null, new(height, width)),
                [int top, int left, int height, int width] => new CropBox(new Pair(top, left), new(height, width)),
                _ => throw new ArgumentTransformationMetadataException(
                    $"'{Numbers.Show(inputData)}' is not one whole number, two (height,width) or four (top,left,height,width)."),
            };
}
