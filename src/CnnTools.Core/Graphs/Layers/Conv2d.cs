using CnnTools.Backends;

namespace CnnTools.Graphs.Layers;

/// <summary>2-D convolution (cross-correlation), as torch.nn.Conv2d.</summary>
/// <param name="OutChannels">Number of filters.</param>
public sealed record Conv2d(int OutChannels, Pair Kernel) : Layer
{
    public Pair Stride { get; init; } = 1;

    /// <summary>Zeros added on both sides of height and of width.</summary>
    public Pair Padding { get; init; } = 0;

    public Pair Dilation { get; init; } = 1;

    public int Groups { get; init; } = 1;

    public bool Bias { get; init; } = true;

    /// <summary>How the weight starts; PyTorch's default where null.</summary>
    public Initializer? WeightInitializer { get; init; }

    /// <summary>How the bias starts; PyTorch's default where null.</summary>
    public Initializer? BiasInitializer { get; init; }

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape input = RequireImage(name, inputs);
        Require(OutChannels > 0 && Groups > 0, name, input, $"it has {OutChannels} filters in {Groups} groups",
            "Give at least one filter and one group.");
        Require(input.Channels % Groups == 0 && OutChannels % Groups == 0, name, input,
            $"{input.Channels} input channels and {OutChannels} filters do not divide into {Groups} groups",
            "Choose -Groups so that it divides both.");
        Windows.RequireValid(name, Kind, input, Kernel, Stride, Padding, Dilation);
        return Output(name, input,
            OutChannels,
            Windows.Count(name, Kind, input, input.Height, Kernel.Vertical, Stride.Vertical, Padding.Vertical, Dilation.Vertical),
            Windows.Count(name, Kind, input, input.Width, Kernel.Horizontal, Stride.Horizontal, Padding.Horizontal, Dilation.Horizontal));
    }

    public override IReadOnlyList<WeightSpec> GetWeights(IReadOnlyList<Shape> inputs)
    {
        long channels = inputs[0].Channels / Groups;
        Initializer initializer = Initializer.Uniform.KaimingDefault(channels * Kernel.Vertical * Kernel.Horizontal);
        WeightSpec weight = new(
            "weight", [OutChannels, channels, Kernel.Vertical, Kernel.Horizontal], WeightInitializer ?? initializer);
        return Bias ? [weight, new("bias", [OutChannels], BiasInitializer ?? initializer)] : [weight];
    }

    public override SlidingWindow? GetWindow() => new(Kernel, Stride, Padding, Dilation);

    public override long CountMultiplyAdds(IReadOnlyList<Shape> inputs, Shape output) =>
        output.Count * (inputs[0].Channels / Groups) * Kernel.Vertical * Kernel.Horizontal;
}
