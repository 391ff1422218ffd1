using CnnTools.Backends;

namespace CnnTools.Graphs.Layers;

/// <summary>Adds rows and columns around an image.</summary>
public sealed record Pad2d(Padding Padding) : Layer
{
    public PaddingMode Mode { get; init; } = PaddingMode.Zeros;

    /// <summary>What is added in <see cref="PaddingMode.Constant"/>.</summary>
    public float Value { get; init; }

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape input = RequireImage(name, inputs);
        Require(Padding is { Top: >= 0, Bottom: >= 0, Left: >= 0, Right: >= 0 }, name, input,
            $"its padding is {Padding}", "Give a padding of at least 0.");

        // Reflection repeats all but the edge, circular padding all of it.
        if (Mode is PaddingMode.Reflect or PaddingMode.Circular)
        {
            int kept = Mode == PaddingMode.Reflect ? 1 : 0;
            Pair most = new(input.Height - kept, input.Width - kept);
            Require(Math.Max(Padding.Top, Padding.Bottom) <= most.Vertical && Math.Max(Padding.Left, Padding.Right) <= most.Horizontal,
                name, input, $"{Mode} padding of {Padding} is more than the image holds",
                $"Use a padding of at most {most} with this image, or another mode.");
        }

        return Output(name, input,
            input.Channels,
            (long)input.Height + Padding.Top + Padding.Bottom,
            (long)input.Width + Padding.Left + Padding.Right);
    }
}
