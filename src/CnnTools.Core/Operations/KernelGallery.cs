namespace CnnTools.Operations;

/// <summary>Kernels that picture editors and textbooks know, with those that the seeds use.</summary>
public static class KernelGallery
{
    public static IReadOnlyList<ConvolutionKernel> All { get; } =
    [
        Make("Identity", "leaves the image as it is", 1, [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
        Make("Blur", "mean of 3x3 pixels", 9, [[1, 1, 1], [1, 1, 1], [1, 1, 1]], "BoxBlur"),
        Make("Blur5x5", "mean of 5x5 pixels", 25,
            [[1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1]]),
        Make("Gaussian", "mean weighted by binomial coefficients, 3x3", 16, [[1, 2, 1], [2, 4, 2], [1, 2, 1]], "GaussianBlur"),
        Make("Gaussian5x5", "mean weighted by binomial coefficients, 5x5", 256,
            [[1, 4, 6, 4, 1], [4, 16, 24, 16, 4], [6, 24, 36, 24, 6], [4, 16, 24, 16, 4], [1, 4, 6, 4, 1]]),
        Make("Sharpen", "the image and what a Laplacian sees", 1, [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
        Make("Emboss", "a relief, lit from the lower right", 1, [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
        Make("EdgeDetect", "edges in all directions (seeds 001 and 004)", 1, [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], "Outline"),
        Make("Laplacian", "second derivatives, summed", 1, [[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
        Make("SobelX", "change from left to right, smoothed: vertical edges", 1, [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
        Make("SobelY", "change from top to bottom, smoothed: horizontal edges", 1, [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
        Make("PrewittX", "change from left to right: vertical edges", 1, [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]),
        Make("PrewittY", "change from top to bottom: horizontal edges", 1, [[-1, -1, -1], [0, 0, 0], [1, 1, 1]]),
        Make("VerticalEdge", "where a row grows darker, one pixel high (seed 004)", 1, [[1, 0, -1]]),
    ];

    /// <summary>By name or alias, whatever the case.</summary>
    /// <exception cref="CnnException">There is none: the error offers near names.</exception>
    public static ConvolutionKernel Get(string name) =>
        All.FirstOrDefault(kernel => Names(kernel).Contains(name, StringComparer.OrdinalIgnoreCase))
            ?? throw Errors.UnknownName("Kernel", name, All.SelectMany(Names));

    private static IEnumerable<string> Names(ConvolutionKernel kernel) => kernel.Aliases.Prepend(kernel.Name);

    private static ConvolutionKernel Make(
        string name, string description, float divisor, float[][] rows, params ReadOnlySpan<string> aliases) => new(
            name, description,
            new([.. rows.SelectMany(row => row).Select(value => value / divisor)], new(rows.Length, rows[0].Length)) { Label = name },
            [.. aliases]);
}
