namespace CnnTools.Graphs.Layers;

/// <summary>Sum of inputs of one shape: where a shortcut joins.</summary>
public sealed record Add : Layer
{
    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        foreach (Shape input in inputs)
        {
            Require(input == inputs[0], name, input, $"it is added to {inputs[0]}",
                "Make both branches end in one shape: same filters, strides and padding.");
        }

        return inputs[0];
    }
}

/// <summary>
/// Product of inputs, whose sizes are equal or 1: a gate of C x 1 x 1 scales channels, one of 1 x H x W pixels.
/// </summary>
public sealed record Multiply : Layer
{
    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        int[] sizes = [.. inputs[0].Sizes];
        foreach (Shape input in inputs)
        {
            Require(input.Rank == sizes.Length, name, input, $"it is multiplied with {inputs[0]}",
                "Give a gate as many dimensions as what it scales: a row of features becomes channels with Unflatten.");
            for (int i = 0; i < sizes.Length; i++)
            {
                Require(input[i] == sizes[i] || input[i] == 1 || sizes[i] == 1, name, input,
                    $"it is multiplied with {inputs[0]}", "Make each size of a gate 1 or the size of what it scales.");
                sizes[i] = Math.Max(sizes[i], input[i]);
            }
        }

        return Output(name, inputs[0], [.. sizes.Select(size => (long)size)]);
    }
}

/// <summary>Inputs one after the other along the channels: where branches join.</summary>
public sealed record Concat : Layer
{
    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        long channels = 0;
        foreach (Shape input in inputs)
        {
            Require(input.Rank == 3 && input.Height == inputs[0].Height && input.Width == inputs[0].Width, name, input,
                $"it is concatenated with {inputs[0]}",
                "Make all branches end in one height and width: same strides, fitting padding.");
            channels += input.Channels;
        }

        return Output(name, inputs[0], channels, inputs[0].Height, inputs[0].Width);
    }
}
