namespace CnnTools.Graphs.Layers;

/// <summary>
/// A convolution of stride 1, 2x2 max pooling and ReLU in one operation. Only <see cref="Rewrites"/> makes it, for
/// running: it is in no saved network.
/// </summary>
internal sealed record ConvMaxPoolReLU(Conv2d Convolution) : Layer
{
    // What a backend takes of values in one padded image, and of filters.
    private const long MostValues = 1 << 28;

    /// <summary>The one pooling that it can be.</summary>
    public static MaxPool2d Pooling { get; } = new(2);

    /// <summary>Whether a convolution of such images can be its first part.</summary>
    public static bool CanBegin(Conv2d convolution, Shape input) =>
        convolution.Stride == 1 && convolution.Dilation == 1 && convolution.Groups == 1
            && PaddedCount(convolution, input) <= MostValues && convolution.OutChannels <= MostValues;

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) =>
        Pooling.InferShape(name, [Convolution.InferShape(name, inputs)]);

    public override IReadOnlyList<WeightSpec> GetWeights(IReadOnlyList<Shape> inputs) => Convolution.GetWeights(inputs);

    public override long CountMultiplyAdds(IReadOnlyList<Shape> inputs, Shape output) =>
        Convolution.CountMultiplyAdds(inputs, Convolution.InferShape(nameof(ConvMaxPoolReLU), inputs));

    private static double PaddedCount(Conv2d convolution, Shape input) =>
        (input.Height + (2.0 * convolution.Padding.Vertical)) * (input.Width + (2.0 * convolution.Padding.Horizontal))
            * input.Channels;
}
