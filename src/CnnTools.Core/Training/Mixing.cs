using CnnTools.Backends;

namespace CnnTools.Training;

/// <summary>How a batch is mixed with itself in another order.</summary>
/// <param name="Share">What each image and its label keep of themselves.</param>
/// <param name="Partners">The image that each is mixed with, by its place in the batch.</param>
/// <param name="Cut">CutMix: the rectangle that comes from the partner; null is mixup, which blends all pixels.</param>
internal sealed record Mix(double Share, long[] Partners, CutBox? Cut);

/// <summary>Rows from Top and columns from Left, those of Bottom and Right no longer.</summary>
internal readonly record struct CutBox(int Top, int Left, int Bottom, int Right);

/// <summary>
/// Mixup (Zhang et al. 2018) and CutMix (Yun et al. 2019): images and labels of pairs in one batch. Where both are asked for,
/// each batch has one of them, by the toss of a coin.
/// </summary>
internal sealed class Mixing(IBackend backend, TrainingOptions options, RandomStream random)
{
    public Mix Draw(int images, Shape shape)
    {
        bool cut = options.CutMix > 0 && (options.Mixup == 0 || random.NextInt32(2) == 0);
        double share = random.NextBeta(cut ? options.CutMix : options.Mixup);
        long[] partners = random.Permutation(images);
        return cut ? DrawCut(share, partners, shape) : new(share, partners, Cut: null);
    }

    /// <summary>The mixed images, (N, C, H, W).</summary>
    public Tensor Apply(Tensor images, Mix mix)
    {
        Tensor partners = backend.SelectRows(images, mix.Partners);
        if (mix.Cut is not { } box)
        {
            return Blend(images, partners, mix.Share);
        }

        (int height, int width) = ((int)images.Sizes[2], (int)images.Sizes[3]);
        float[] kept = new float[height * width];
        for (int i = 0; i < kept.Length; i++)
        {
            (int row, int column) = (i / width, i % width);
            bool inside = row >= box.Top && row < box.Bottom && column >= box.Left && column < box.Right;
            kept[i] = inside ? 0 : 1;
        }

        Tensor mask = backend.FromFloats(kept, [1, 1, height, width], images.Device);
        Tensor inverse = backend.Affine(mask, scale: -1, shift: 1);
        return backend.Add(backend.Multiply(images, mask), backend.Multiply(partners, inverse));
    }

    /// <summary>share · left + (1 - share) · right: of images, and of the losses by two labels, which is that of the soft one.</summary>
    public Tensor Blend(Tensor left, Tensor right, double share) =>
        backend.Add(backend.Affine(left, share, shift: 0), backend.Affine(right, 1 - share, shift: 0));

    /// <summary>A rectangle around a random pixel, cut off at the edge; the share is that of the pixels that stay.</summary>
    private Mix DrawCut(double share, long[] partners, Shape shape)
    {
        double side = Math.Sqrt(1 - share);
        (int height, int width) = ((int)(shape.Height * side), (int)(shape.Width * side));
        int top = random.NextInt32(shape.Height) - (height / 2);
        int left = random.NextInt32(shape.Width) - (width / 2);
        CutBox box = new(
            Math.Max(0, top), Math.Max(0, left), Math.Min(shape.Height, top + height), Math.Min(shape.Width, left + width));
        double cut = Math.Max(0, box.Bottom - box.Top) * (double)Math.Max(0, box.Right - box.Left);
        return new(1 - (cut / ((double)shape.Height * shape.Width)), partners, box);
    }
}
