namespace CnnTools.Graphs.Layers;

/// <summary>A row of features to (C, H, W), as torch.nn.Unflatten.</summary>
public sealed record Unflatten(Shape OutputShape) : Layer
{
    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape input = RequireOne(name, inputs);
        Require(OutputShape.Rank == 3 && OutputShape.Count == input.Count, name, input,
            $"{OutputShape} has {OutputShape.Count} values", "Give channels, height and width that make up its features.");
        return OutputShape;
    }
}
