using CnnTools.Graphs;

namespace CnnTools.Zoo;

/// <summary>A network that can be made by name.</summary>
/// <param name="build">Makes the graph for an input shape, a number of classes and options that are complete.</param>
public sealed class Architecture(
    string name, string family, Shape input, int classes, string paper, string seed,
    Func<Shape, int, ArchitectureOptions, Graph> build)
{
    // Beyond this no published network has its images, and searching on would take long.
    private const int LargestSearched = 512;

    /// <summary>The same for a network without options.</summary>
    public Architecture(
        string name, string family, Shape input, int classes, string paper, string seed, Func<Shape, int, Graph> build)
        : this(name, family, input, classes, paper, seed, (shape, outputs, _) => build(shape, outputs))
    {
    }

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

    /// <summary>The options that it takes, with its own choice for an input: what is null here it does not take.</summary>
    public Func<Shape, ArchitectureOptions> Defaults { get; init; } = _ => ArchitectureOptions.None;

    /// <summary>The label smoothing that it was published with.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>The names of the options that it takes.</summary>
    public IReadOnlyList<string> Options => [.. Defaults(Input).Given.Select(o => o.Name)];

    /// <summary>Number of trained values for the published input and number of classes.</summary>
    public long Parameters => Build(Input, Classes).Parameters;

    /// <summary>Given options with the network's own choices for this input where they are null.</summary>
    /// <exception cref="CnnException">It does not take one of them.</exception>
    public ArchitectureOptions Complete(Shape inputShape, ArchitectureOptions? options)
    {
        ArchitectureOptions given = options ?? ArchitectureOptions.None;
        ArchitectureOptions defaults = Defaults(inputShape);
        string[] known = [.. defaults.Given.Select(o => o.Name)];
        return given.Given.FirstOrDefault(o => !known.Contains(o.Name)) is { Name: { } unknown }
            ? throw Errors.OptionNotTaken(Name, unknown, known)
            : given.Dropout is < 0 or >= 1 or double.NaN
                ? throw Errors.InvalidArgument(nameof(given.Dropout), given.Dropout, "at least 0 and less than 1")
                : given.Or(defaults);
    }

    /// <exception cref="CnnException">
    /// The shape cannot be (names the layer and what to change, or the least size that works), there is no output, or an
    /// option is not this network's.
    /// </exception>
    public Graph Build(Shape inputShape, int outputs, ArchitectureOptions? options = null)
    {
        if (outputs < 1)
        {
            throw Errors.InvalidArgument(nameof(Classes), outputs, "at least 1");
        }

        ArchitectureOptions complete = Complete(inputShape, options);
        try
        {
            return build(inputShape, outputs, complete);
        }
        catch (CnnException exception) when (exception.Id == "ImpossibleShape" && inputShape.Rank == 3
            && LeastSize(inputShape, outputs, options) is { } least && least > Math.Min(inputShape.Height, inputShape.Width))
        {
            throw Errors.InputTooSmall(Name, inputShape, least, exception);
        }
    }

    public override string ToString() => Name;

    /// <summary>The side of the smallest square image that works; null where none does.</summary>
    private int? LeastSize(Shape inputShape, int outputs, ArchitectureOptions? options)
    {
        for (int side = 1; side <= LargestSearched; side++)
        {
            Shape square = new(inputShape.Channels, side, side);
            try
            {
                build(square, outputs, Complete(square, options));
                return side;
            }
            catch (CnnException)
            {
                // Too small, or not for this network at all.
            }
        }

        return null;
    }
}
