namespace CnnTools.Graphs.Layers;

/// <summary>
/// A convolution of stride 1, 2x2 max pooling and ReLU in one operation. Only <see cref="Rewrites"/> makes it, for
/// running: it is in no saved network.
/// </summary>
internal sealed record ConvMaxPoolReLU(Conv2d Convolution) : Layer
{
    /// <summary>The one pooling that it can be.</summary>
    public static MaxPool2d Pooling { get; } = new(2);

    /// <summary>Whether a convolution can be its first part.</summary>
    public static bool CanBegin(Conv2d convolution) =>
        convolution.Stride == 1 && convolution.Dilation == 1 && convolution.Groups == 1;

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) =>
        Pooling.InferShape(name, [Convolution.InferShape(name, inputs)]);

    public override IReadOnlyList<WeightSpec> GetWeights(IReadOnlyList<Shape> inputs) => Convolution.GetWeights(inputs);

    public override long CountMultiplyAdds(IReadOnlyList<Shape> inputs, Shape output) =>
        Convolution.CountMultiplyAdds(inputs, Convolution.InferShape(nameof(ConvMaxPoolReLU), inputs));
}
