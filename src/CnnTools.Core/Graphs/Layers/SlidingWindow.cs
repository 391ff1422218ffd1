using CnnTools.Backends;

namespace CnnTools.Graphs.Layers;

/// <summary>The window that a convolution or a pooling slides over an image.</summary>
/// <param name="Padding">Rows and columns added on each side before.</param>
/// <param name="Dilation">The distance between neighbours within the window.</param>
public readonly record struct SlidingWindow(Pair Kernel, Pair Stride, Pair Padding, Pair Dilation);
