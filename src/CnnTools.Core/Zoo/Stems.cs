using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Weights;

namespace CnnTools.Zoo;

/// <summary>
/// What networks with a choice of stem share: published for photographs, they keep too few pixels of small images unless
/// the first convolution is 3x3 with stride 1 and no pooling follows it, as in their forms for CIFAR.
/// </summary>
public static class Stems
{
    /// <summary>The largest side of an image that has the small stem unless another is asked for.</summary>
    public const int LargestSmallImage = 64;

    /// <summary>The stem for images of this shape.</summary>
    public static Stem For(Shape input) =>
        input.Rank == 3 && Math.Max(input.Height, input.Width) <= LargestSmallImage ? Stem.Conv3x3 : Stem.Conv7x7;

    /// <summary>The first convolution, without what follows it; the large stem's pooling comes by <see cref="Pool"/>.</summary>
    internal static GraphBuilder Convolution(this GraphBuilder network, Stem stem, string name, int filters, Initializer initializer) =>
        network.Then(name, stem == Stem.Conv3x3
            ? new Conv2d(filters, 3) { Padding = 1, Bias = false, WeightInitializer = initializer }
            : new Conv2d(filters, 7) { Stride = 2, Padding = 3, Bias = false, WeightInitializer = initializer });

    internal static GraphBuilder Pool(this GraphBuilder network, Stem stem, string name) =>
        stem == Stem.Conv3x3 ? network : network.Then(name, new MaxPool2d(3) { Stride = 2, Padding = 1 });

    /// <exception cref="CnnException">The file's first convolution is that of the other stem.</exception>
    internal static void RequireSame(IWeightFile file, Graph graph)
    {
        if (graph.Nodes.FirstOrDefault(n => n.Layer is Conv2d) is { Layer: Conv2d { Kernel: var kernel } } first
            && file.Find($"{first.Name}.weight") is { Shape: [_, _, var height, var width] }
            && (kernel.Vertical, kernel.Horizontal, height, width) is (3, 3, 7, 7) or (7, 7, 3, 3))
        {
            (Stem found, Stem own) = height == 7 ? (Stem.Conv7x7, Stem.Conv3x3) : (Stem.Conv3x3, Stem.Conv7x7);
            throw Errors.StemDiffers(file.Path, first.Name, found, own);
        }
    }
}
