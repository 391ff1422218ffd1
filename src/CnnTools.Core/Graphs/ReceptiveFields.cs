using System.Numerics;
using CnnTools.Backends;
using CnnTools.Graphs.Layers;

namespace CnnTools.Graphs;

/// <summary>
/// The pixels of the image that a value of each node's output can depend on (Araujo, Norris, Sim: "Computing Receptive
/// Fields of Convolutional Neural Networks", 2019). Where branches join, it is what they see together. Behind global
/// pooling and in rows of features it is all that the network looks at. What padding adds counts for nothing.
/// </summary>
public static class ReceptiveFields
{
    /// <summary>By the nodes' names; none for a network that takes no images.</summary>
    public static IReadOnlyDictionary<string, ReceptiveField> Of(Graph graph)
    {
        Dictionary<string, ReceptiveField> fields = new(StringComparer.Ordinal);
        if (graph.InputShape.Rank != 3)
        {
            return fields;
        }

        fields[Graph.InputName] = ReceptiveField.OfPixels(graph.InputShape);
        foreach (Node node in graph.Nodes)
        {
            ReceptiveField[] inputs = [.. node.Inputs.Select(name => fields[name])];
            Shape output = graph.ShapeOf(node.Name);
            fields[node.Name] = new(
                Follow(node.Layer, [.. inputs.Select(f => f.Rows)], output.Rank == 3 ? output.Height : 1, pair => pair.Vertical),
                Follow(node.Layer, [.. inputs.Select(f => f.Columns)], output.Rank == 3 ? output.Width : 1, pair => pair.Horizontal));
        }

        return fields;
    }

    /// <summary>One axis of a node's output.</summary>
    /// <param name="count">Rows or columns of the output; 1 for features.</param>
    /// <param name="side">Takes the axis's part of a pair.</param>
    private static Reach Follow(Layer layer, Reach[] inputs, int count, Func<Pair, int> side) => layer switch
    {
        Pad2d pad => inputs[0].Through(count, 1, 1, side(new(pad.Padding.Top, pad.Padding.Left)), 1),
        AdaptivePooling => inputs[0].InWindows(count),
        _ when layer.GetWindow() is { } window =>
            inputs[0].Through(count, side(window.Kernel), side(window.Stride), side(window.Padding), side(window.Dilation)),
        _ => inputs.Skip(1).Aggregate(inputs[0], (all, input) => all.Join(input)).As(count),
    };
}

/// <summary>What a value of an output can depend on, along both axes of the image.</summary>
public readonly record struct ReceptiveField(Reach Rows, Reach Columns)
{
    /// <summary>Rows and columns of the image.</summary>
    public Pair Size => new(Rows.Size, Columns.Size);

    internal static ReceptiveField OfPixels(Shape image) => new(Reach.OfPixels(image.Height), Reach.OfPixels(image.Width));
}

/// <summary>
/// Which pixels along one axis the values of an output depend on: the value at position p on those from First + p·Jump
/// to Last + p·Jump, as far as they are from Lowest to Highest. Doubles: whatever the sizes, they do not overflow.
/// </summary>
/// <param name="Count">Positions of the output.</param>
/// <param name="Jump">Pixels from one position to the next; 0 where all positions see the same.</param>
/// <param name="Lowest">The first pixel that any of them sees.</param>
/// <param name="Highest">The last one.</param>
public readonly record struct Reach(int Count, double First, double Last, double Jump, double Lowest, double Highest)
{
    // A network of absurd strides reaches infinity, which times zero is no number.
    private const double LargestJump = 1e30;

    /// <summary>The most pixels that one value depends on, never more than all of them see.</summary>
    public int Size => (int)Math.Max(0, Math.Ceiling(Math.Min(Last - First, Highest - Lowest) + 1));

    /// <summary>The pixels that the value at a position depends on.</summary>
    public (double First, double Last) At(int position) =>
        (Math.Max(Lowest, First + (position * Jump)), Math.Min(Highest, Last + (position * Jump)));

    internal static Reach OfPixels(int count) => new(count, 0, 0, 1, 0, count - 1.0);

    /// <summary>Behind a window that slides over these positions.</summary>
    internal Reach Through(int count, double kernel, double stride, double padding, double dilation) => Bounded(
        count,
        First - (padding * Jump),
        Last + (((dilation * (kernel - 1)) - padding) * Jump),
        Math.Min(Jump * stride, LargestJump));

    /// <summary>Behind windows that divide these positions up; their sizes may differ by one, and the largest counts.</summary>
    internal Reach InWindows(int count)
    {
        int divisor = (int)BigInteger.GreatestCommonDivisor(Count, count);
        double largest = 1 + Math.Ceiling((Count - divisor) / (double)count);
        return Through(count, largest, (double)Count / count, padding: 0, dilation: 1);
    }

    /// <summary>Of both at one position; of everything at each where their positions do not correspond.</summary>
    internal Reach Join(Reach other)
    {
        (Reach left, Reach right) = Count == other.Count && Jump == other.Jump ? (this, other) : (Whole, other.Whole);
        return new(
            Math.Max(Count, other.Count), Math.Min(left.First, right.First), Math.Max(left.Last, right.Last), left.Jump,
            Math.Min(left.Lowest, right.Lowest), Math.Max(left.Highest, right.Highest));
    }

    /// <summary>The same positions, or everything at each where there are as many no longer.</summary>
    internal Reach As(int count) => count == Count ? this : Whole with { Count = count };

    private Reach Whole => this with { First = Lowest, Last = Highest, Jump = 0 };

    private Reach Bounded(int count, double first, double last, double jump) => new(
        count, first, last, jump, Math.Max(Lowest, first), Math.Min(Highest, last + ((count - 1) * jump)));
}
