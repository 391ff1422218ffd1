namespace CnnTools.Graphs.Layers;

/// <summary>
/// Divides each value by a power of the mean square of the channels around it (Krizhevsky et al. 2012), as
/// torch.nn.LocalResponseNorm. The paper's alpha counts a sum of Size squares: PyTorch's is Size times the paper's.
/// </summary>
/// <param name="Size">How many channels count, the own one among them.</param>
public sealed record LocalResponseNorm(int Size) : Layer
{
    public double Alpha { get; init; } = 1e-4;

    public double Beta { get; init; } = 0.75;

    public double K { get; init; } = 1;

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape input = RequireImage(name, inputs);
        Require(Size >= 1 && Size <= 2L * input.Channels, name, input, $"it looks at {Size} channels",
            "Give a size of at least 1 and at most twice the channels.");
        Require(Alpha >= 0 && K > 0 && double.IsFinite(Alpha) && double.IsFinite(Beta) && double.IsFinite(K), name, input,
            $"alpha {Alpha}, beta {Beta}, k {K}", "Give an alpha of at least 0, a k above 0 and a finite beta.");
        return input;
    }
}
