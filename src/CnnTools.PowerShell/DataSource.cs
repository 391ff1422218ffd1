using CnnTools.Images;
using CnnTools.Operations;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell;

/// <summary>
/// Turns what a user gave as data into a feature map. All cmdlets that take data read them here: what else they shall take
/// is added here.
/// </summary>
internal static class DataSource
{
    /// <exception cref="CnnException">It is nothing that could be data.</exception>
    public static FeatureMap Read(object? value, string parameter) =>
        value.Unwrap() switch
        {
            FeatureMap map => map,
            CnnImage image => FeatureMap.Of(image),
            ConvolutionKernel kernel => kernel.Matrix,
            var other => NumberArrays.Read(other, parameter),
        };
}
