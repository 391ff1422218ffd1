namespace CnnTools.Graphs.Layers;

/// <summary>
/// Zeroes values with this probability in training and scales the rest up (Srivastava et al. 2014); nothing in
/// evaluation. As torch.nn.Dropout.
/// </summary>
public sealed record Dropout(double Probability) : Layer
{
    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape input = RequireOne(name, inputs);
        Require(Probability is >= 0 and < 1, name, input, $"its probability is {Probability}",
            "Give a probability of at least 0 and less than 1.");
        return input;
    }
}
