using System.Collections.Immutable;

namespace CnnTools.Augmentation;

/// <summary>An augmentation that can be asked for by name.</summary>
/// <param name="Parameters">In the order in which they may be given without their names.</param>
public sealed record AugmentationInfo(string Name, string Description, ImmutableArray<AugmentationParameter> Parameters)
{
    /// <summary>How it is written, with what may be left out in brackets.</summary>
    public string Usage => string.Join(' ', [Name, .. Parameters.Select(parameter => parameter.ToString())]);

    /// <summary>An example that works: the name, and what must be given.</summary>
    public string Example { get; init; } = Name;

    internal Func<AugmentationArguments, AugmentationStep> Create { get; init; } = null!;

    public override string ToString() => Usage;
}
