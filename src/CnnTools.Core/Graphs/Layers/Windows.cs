using CnnTools.Backends;

namespace CnnTools.Graphs.Layers;

/// <summary>The arithmetic of sliding windows, shared by convolution and pooling.</summary>
internal static class Windows
{
    public static void RequireValid(
        string name, string kind, Shape input, Pair kernel, Pair stride, Pair padding, Pair dilation)
    {
        Require("kernel", kernel, least: 1);
        Require("stride", stride, least: 1);
        Require("padding", padding, least: 0);
        Require("dilation", dilation, least: 1);

        void Require(string what, Pair value, int least)
        {
            if (Math.Min(value.Vertical, value.Horizontal) < least)
            {
                throw Errors.ImpossibleShape(name, kind, input, $"its {what} is {value}", $"Give a {what} of at least {least}.");
            }
        }
    }

    /// <summary>
    /// How many windows fit along one side: ⌊(size + 2 padding - dilation (kernel - 1) - 1) / stride⌋ + 1; with
    /// <paramref name="ceil"/> the quotient is rounded up, so that even an only window may hang over the edge.
    /// </summary>
    public static long Count(
        string name, string kind, Shape input, int size, int kernel, int stride, int padding, int dilation = 1,
        bool ceil = false)
    {
        long room = size + (2L * padding) - ((long)dilation * (kernel - 1)) - 1 + (ceil ? stride - 1 : 0);
        if (room < 0)
        {
            throw Errors.ImpossibleShape(name, kind, input,
                $"a window of {((long)dilation * (kernel - 1)) + 1} does not fit into {size} + 2 x {padding} padding",
                "Use a smaller kernel, more padding, less pooling before it, or larger images (-InputShape).");
        }

        long count = (room / stride) + 1;

        // A last window that would start in the padding on the far side does not count (PyTorch's rule).
        return ceil && (count - 1) * stride >= (long)size + padding ? count - 1 : count;
    }

    /// <summary>The windows of adaptive pooling along one side: from ⌊i · size / count⌋ to ⌈(i + 1) · size / count⌉.</summary>
    public static (int Start, int Length)[] Adaptive(int size, int count)
    {
        return [.. Enumerable.Range(0, count).Select(i => (Start(i), End(i) - Start(i)))];

        int Start(long i) => (int)(i * size / count);

        int End(long i) => (int)((((i + 1) * size) + count - 1) / count);
    }
}
