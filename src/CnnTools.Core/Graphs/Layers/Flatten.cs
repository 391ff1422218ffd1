namespace CnnTools.Graphs.Layers;

/// <summary>(C, H, W) to one row of features.</summary>
public sealed record Flatten : Layer
{
    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape input = RequireOne(name, inputs);
        return Output(name, input, input.Count);
    }
}
