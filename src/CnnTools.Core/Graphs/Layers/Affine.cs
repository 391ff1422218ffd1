namespace CnnTools.Graphs.Layers;

/// <summary>Scale · x + Shift with fixed numbers: scaled residuals, and 1 - gate.</summary>
public sealed record Affine(double Scale, double Shift = 0) : Layer
{
    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape input = RequireOne(name, inputs);
        Require(double.IsFinite(Scale) && double.IsFinite(Shift), name, input, $"it is {Scale} x + {Shift}",
            "Give finite numbers.");
        return input;
    }
}
