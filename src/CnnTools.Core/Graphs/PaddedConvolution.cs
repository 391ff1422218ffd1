using CnnTools.Backends;
using CnnTools.Graphs.Layers;

namespace CnnTools.Graphs;

/// <summary>A convolution with any padding.</summary>
public static class PaddedConvolution
{
    /// <summary>
    /// Adds it behind the last layer. Zeros on both sides are the convolution's own; all other padding is a layer
    /// NAME_pad before it.
    /// </summary>
    /// <param name="convolution">Without padding.</param>
    /// <param name="value">What is added in <see cref="PaddingMode.Constant"/>.</param>
    public static GraphBuilder ThenConvolution(
        this GraphBuilder network, string name, Conv2d convolution, Padding padding, PaddingMode mode = PaddingMode.Zeros,
        float value = 0)
    {
        if (mode == PaddingMode.Zeros && padding.Top == padding.Bottom && padding.Left == padding.Right)
        {
            return network.Then(name, convolution with { Padding = new(padding.Top, padding.Left) });
        }

        return network.Then($"{name}_pad", new Pad2d(padding) { Mode = mode, Value = value }).Then(name, convolution);
    }
}
