using System.Collections;
using CnnTools.Operations;

namespace CnnTools.PowerShell;

/// <summary>Turns what a user gave for -Kernel into filters.</summary>
internal static class KernelSource
{
    /// <summary>Numbers are all filters at once; a list of names, kernels or feature maps is a filter each.</summary>
    /// <exception cref="CnnException">A name is not known, or they are no filters of one convolution.</exception>
    public static FilterBank Read(object? value) =>
        value.Unwrap() is IList list && list.Cast<object?>().Any(item => item.Unwrap() is string or ConvolutionKernel or FeatureMap)
            ? FilterBank.Of([.. list.Cast<object?>().Select(One)])
            : FilterBank.Of(One(value));

    private static FeatureMap One(object? value) => value.Unwrap() is string name
        ? KernelGallery.Get(name).Matrix
        : DataSource.Read(value, "Kernel");
}
