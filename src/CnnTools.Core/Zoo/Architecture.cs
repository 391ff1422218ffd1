using CnnTools.Graphs;

namespace CnnTools.Zoo;

/// <summary>A network that can be made by name.</summary>
/// <param name="Name">The public name, as users type it.</param>
/// <param name="Family">The file of Zoo that defines it.</param>
/// <param name="Input">The images that it was published for.</param>
/// <param name="Paper">Where it comes from.</param>
/// <param name="Seed">The number of the tutorial that uses it; empty where none does.</param>
/// <param name="Build">Makes the graph for an input shape and a number of classes.</param>
public sealed record Architecture(
    string Name, string Family, Shape Input, int Classes, string Paper, string Seed, Func<Shape, int, Graph> Build)
{
    /// <summary>Other names it answers to.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Number of trained values for the published input and number of classes.</summary>
    public long Parameters => Build(Input, Classes).Parameters;

    public override string ToString() => Name;
}
