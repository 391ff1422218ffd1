using System.Collections.Immutable;

namespace CnnTools.Operations;

/// <summary>A kernel that is known by name.</summary>
/// <param name="Matrix">(height, width), as cross-correlation uses it.</param>
/// <param name="Aliases">Other names that are taken for it.</param>
public sealed record ConvolutionKernel(string Name, string Description, FeatureMap Matrix, ImmutableArray<string> Aliases)
{
    public override string ToString() => Name;
}
