namespace CnnTools.Graphs.Layers;

/// <summary>
/// Drops a residual branch for an image with this probability in training and scales the others' up (Huang et al. 2016);
/// nothing in evaluation. As torchvision.ops.stochastic_depth by rows. Only <see cref="ResidualBranches"/> makes it, for
/// training: it is in no saved network.
/// </summary>
internal sealed record StochasticDepth(double Probability) : Layer
{
    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => RequireOne(name, inputs);
}
