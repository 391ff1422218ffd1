using CnnTools.Graphs;

namespace CnnTools.Zoo;

/// <summary>A network that can be made by name.</summary>
/// <param name="build">Makes the graph for an input shape and a number of classes.</param>
public sealed class Architecture(
    string name, string family, Shape input, int classes, string paper, string seed, Func<Shape, int, Graph> build)
{
    /// <summary>The public name, as users type it.</summary>
    public string Name { get; } = name;

    /// <summary>The file of Zoo that defines it.</summary>
    public string Family { get; } = family;

    /// <summary>The images that it was published for.</summary>
    public Shape Input { get; } = input;

    public int Classes { get; } = classes;

    /// <summary>Where it comes from.</summary>
    public string Paper { get; } = paper;

    /// <summary>The number of the tutorial that uses it; empty where none does.</summary>
    public string Seed { get; } = seed;

    /// <summary>Other names it answers to.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Number of trained values for the published input and number of classes.</summary>
    public long Parameters => Build(Input, Classes).Parameters;

    /// <exception cref="CnnException">
    /// The shape cannot be (names the layer and what to change), or there is no output.
    /// </exception>
    public Graph Build(Shape inputShape, int outputs) =>
        outputs >= 1 ? build(inputShape, outputs) : throw Errors.InvalidArgument(nameof(Classes), outputs, "at least 1");

    public override string ToString() => Name;
}
