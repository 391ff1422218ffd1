namespace CnnTools.Graphs.Layers;

/// <summary>Batch normalisation over images (Ioffe, Szegedy 2015), as torch.nn.BatchNorm2d.</summary>
public sealed record BatchNorm2d : Layer
{
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>The share of the batch's statistics in the running ones.</summary>
    public double Momentum { get; init; } = 0.1;

    /// <summary>What the weight starts as.</summary>
    public double InitialWeight { get; init; } = 1;

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => RequireImage(name, inputs);

    public override IReadOnlyList<WeightSpec> GetWeights(IReadOnlyList<Shape> inputs)
    {
        int channels = inputs[0].Channels;
        return
        [
            new("weight", [channels], new Initializer.Constant(InitialWeight)),
            new("bias", [channels], new Initializer.Constant(0)),
            new("running_mean", [channels], new Initializer.Constant(0), IsBuffer: true),
            new("running_var", [channels], new Initializer.Constant(1), IsBuffer: true),
        ];
    }
}
