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
