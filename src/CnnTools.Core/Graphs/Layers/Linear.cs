namespace CnnTools.Graphs.Layers;

/// <summary>Fully connected layer, as torch.nn.Linear; the number of inputs follows from the shape before it.</summary>
public sealed record Linear(int OutFeatures) : Layer
{
    public bool Bias { get; init; } = true;

    /// <summary>How the weight starts; PyTorch's default where null.</summary>
    public Initializer? WeightInitializer { get; init; }

    /// <summary>How the bias starts; PyTorch's default where null.</summary>
    public Initializer? BiasInitializer { get; init; }

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape input = RequireOne(name, inputs);
        Require(input.Rank == 1, name, input, "it needs features, not an image", "Put Flatten before it.");
        Require(OutFeatures > 0, name, input, $"it has {OutFeatures} outputs", "Give at least one output.");
        return Output(name, input, OutFeatures);
    }

    public override IReadOnlyList<WeightSpec> GetWeights(IReadOnlyList<Shape> inputs)
    {
        long features = inputs[0][0];
        Initializer initializer = Initializer.Uniform.KaimingDefault(features);
        WeightSpec weight = new("weight", [OutFeatures, features], WeightInitializer ?? initializer);
        return Bias ? [weight, new("bias", [OutFeatures], BiasInitializer ?? initializer)] : [weight];
    }

    public override long CountMultiplyAdds(IReadOnlyList<Shape> inputs, Shape output) =>
        (long)inputs[0][0] * OutFeatures;
}
