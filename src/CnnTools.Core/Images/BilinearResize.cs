using CnnTools.Backends;

namespace CnnTools.Images;

/// <summary>
/// Bilinear interpolation with antialiasing: where an image shrinks, each new pixel is a triangle-weighted mean over all
/// the old ones that it covers. As Pillow's resize(BILINEAR), and torchvision's on its images: rows first, then columns,
/// rounded to bytes between and after.
/// </summary>
internal static class BilinearResize
{
    // Weights are whole numbers in 4194304ths: a sum of weights times 255 stays within 32 bits.
    private const int WeightBits = 22;
    private const int Half = 1 << (WeightBits - 1);

    /// <summary>Planes of the new size.</summary>
    /// <param name="pixels">(C, H, W) of the shape.</param>
    /// <param name="size">Height and width.</param>
    public static byte[] Apply(byte[] pixels, Shape shape, Pair size)
    {
        byte[] wide = size.Horizontal == shape.Width
            ? pixels
            : Rows(pixels, shape.Channels * shape.Height, shape.Width, size.Horizontal);
        return size.Vertical == shape.Height
            ? wide
            : Columns(wide, shape.Channels, shape.Height, size);
    }

    /// <summary>Each row of the planes, scaled to a new width.</summary>
    private static byte[] Rows(ReadOnlySpan<byte> pixels, int rows, int width, int newWidth)
    {
        Window[] windows = Window.All(width, newWidth);
        byte[] scaled = new byte[rows * newWidth];
        for (int y = 0; y < rows; y++)
        {
            ReadOnlySpan<byte> from = pixels.Slice(y * width, width);
            Span<byte> to = scaled.AsSpan(y * newWidth, newWidth);
            for (int x = 0; x < to.Length; x++)
            {
                int[] weights = windows[x].Weights;
                ReadOnlySpan<byte> covered = from.Slice(windows[x].Start, weights.Length);
                int sum = Half;
                for (int i = 0; i < covered.Length; i++)
                {
                    sum += weights[i] * covered[i];
                }

                to[x] = ToByte(sum);
            }
        }

        return scaled;
    }

    /// <summary>Each column of the planes, scaled to a new height; a row at a time, as it lies in memory.</summary>
    private static byte[] Columns(ReadOnlySpan<byte> pixels, int channels, int height, Pair size)
    {
        (int newHeight, int width) = (size.Vertical, size.Horizontal);
        Window[] windows = Window.All(height, newHeight);
        byte[] scaled = new byte[channels * newHeight * width];
        int[] sums = new int[width];
        for (int row = 0; row < channels * newHeight; row++)
        {
            Window window = windows[row % newHeight];
            int from = ((row / newHeight * height) + window.Start) * width;
            Array.Fill(sums, Half);
            foreach (int weight in window.Weights)
            {
                ReadOnlySpan<byte> covered = pixels.Slice(from, width);
                for (int x = 0; x < covered.Length; x++)
                {
                    sums[x] += weight * covered[x];
                }

                from += width;
            }

            Span<byte> to = scaled.AsSpan(row * width, width);
            for (int x = 0; x < to.Length; x++)
            {
                to[x] = ToByte(sums[x]);
            }
        }

        return scaled;
    }

    /// <summary>Rounding can carry the weights' sum a little past one.</summary>
    private static byte ToByte(int sum) => (byte)Math.Clamp(sum >> WeightBits, 0, byte.MaxValue);

    /// <summary>The old pixels that a new one is made of.</summary>
    private readonly record struct Window(int Start, int[] Weights)
    {
        public static Window[] All(int from, int to)
        {
            Window[] windows = new Window[to];
            for (int i = 0; i < to; i++)
            {
                windows[i] = Of(i, (double)from / to, from);
            }

            return windows;
        }

        /// <param name="scale">Old pixels to one new.</param>
        private static Window Of(int index, double scale, int count)
        {
            double reach = Math.Max(scale, 1);
            double centre = (index + 0.5) * scale;
            int start = Math.Max((int)(centre - reach + 0.5), 0);
            int end = Math.Min((int)(centre + reach + 0.5), count);
            double[] heights = new double[end - start];
            for (int i = 0; i < heights.Length; i++)
            {
                heights[i] = Math.Max(0, 1 - Math.Abs((start + i - centre + 0.5) / reach));
            }

            double sum = heights.Sum();
            return new(start, Array.ConvertAll(
                heights, height => (int)Math.Round(height / sum * (1 << WeightBits), MidpointRounding.AwayFromZero)));
        }
    }
}
