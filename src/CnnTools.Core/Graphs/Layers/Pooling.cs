using CnnTools.Backends;

namespace CnnTools.Graphs.Layers;

/// <summary>What maximum and average pooling share: a window that slides over each channel.</summary>
public abstract record WindowPooling(Pair Kernel) : Layer
{
    /// <summary>The kernel's size where not given.</summary>
    public Pair Stride { get; init; } = Kernel;

    public Pair Padding { get; init; } = 0;

    /// <summary>Whether a last window that hangs over the edge counts.</summary>
    public bool CeilMode { get; init; }

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape input = RequireImage(name, inputs);
        Windows.RequireValid(name, Kind, input, Kernel, Stride, Padding, 1);
        Require(Padding.Vertical <= Kernel.Vertical / 2 && Padding.Horizontal <= Kernel.Horizontal / 2, name, input,
            $"padding {Padding} is more than half of kernel {Kernel}", "Use a smaller padding or a larger kernel.");
        return Output(name, input,
            input.Channels,
            Windows.Count(name, Kind, input, input.Height, Kernel.Vertical, Stride.Vertical, Padding.Vertical, ceil: CeilMode),
            Windows.Count(name, Kind, input, input.Width, Kernel.Horizontal, Stride.Horizontal, Padding.Horizontal, ceil: CeilMode));
    }

    public override SlidingWindow? GetWindow() => new(Kernel, Stride, Padding, 1);
}

/// <summary>The largest value of each window, as torch.nn.MaxPool2d; padding counts as minus infinity.</summary>
public sealed record MaxPool2d(Pair Kernel) : WindowPooling(Kernel);

/// <summary>The mean of each window, as torch.nn.AvgPool2d.</summary>
public sealed record AvgPool2d(Pair Kernel) : WindowPooling(Kernel)
{
    /// <summary>Whether padded zeros count in the mean.</summary>
    public bool CountPadding { get; init; } = true;
}

/// <summary>What adaptive maximum and average pooling share: a grid of windows that gives this output size.</summary>
public abstract record AdaptivePooling(Pair OutputSize) : Layer
{
    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape input = RequireImage(name, inputs);
        Require(OutputSize is { Vertical: > 0, Horizontal: > 0 }, name, input, $"its output size is {OutputSize}",
            "Give an output size of at least 1.");
        return Output(name, input, input.Channels, OutputSize.Vertical, OutputSize.Horizontal);
    }
}

/// <summary>Means over the grid's windows, as torch.nn.AdaptiveAvgPool2d; 1 is global pooling.</summary>
public sealed record AdaptiveAvgPool2d(Pair OutputSize) : AdaptivePooling(OutputSize);

/// <summary>Maxima over the grid's windows, as torch.nn.AdaptiveMaxPool2d; 1 is global pooling.</summary>
public sealed record AdaptiveMaxPool2d(Pair OutputSize) : AdaptivePooling(OutputSize);

/// <summary>
/// Each pixel's maximum and mean over the channels, as two planes in this order: what CBAM's spatial gate looks at (Woo et
/// al. 2018).
/// </summary>
public sealed record ChannelPool : Layer
{
    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape input = RequireImage(name, inputs);
        return Output(name, input, 2, input.Height, input.Width);
    }
}
