using System.Management.Automation;
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
        (value is PSObject wrapped ? wrapped.BaseObject : value) switch
        {
            FeatureMap map => map,
            CnnImage image => FeatureMap.Of(image),
            ConvolutionKernel kernel => kernel.Matrix,
            var other => NumberArrays.Read(other, parameter),
        };

    /// <summary>The files that text, which may have wildcards, or a file object stands for; null where it is neither.</summary>
    /// <param name="resolve">Makes full paths of text.</param>
    public static IEnumerable<string>? FilesOf(object? value, Func<string, IEnumerable<string>> resolve) =>
        (value is PSObject wrapped ? wrapped.BaseObject : value) switch
        {
            string path => resolve(path),
            FileInfo file => [file.FullName],
            _ => null,
        };
}
