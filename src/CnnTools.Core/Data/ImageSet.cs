namespace CnnTools.Data;

/// <summary>Images of one size with their labels, in host memory: one split of a data set.</summary>
/// <param name="Pixels">uint8 values in (N, C, H, W) order.</param>
/// <param name="Labels">One class index an image.</param>
/// <param name="ImageShape">(C, H, W).</param>
public sealed record ImageSet(byte[] Pixels, int[] Labels, Shape ImageShape)
{
    public int Count => Labels.Length;

    /// <summary>A new set of the images at these indices, in their order.</summary>
    public ImageSet Select(IReadOnlyList<int> indices)
    {
        int size = (int)ImageShape.Count;
        byte[] pixels = new byte[(long)indices.Count * size];
        int[] labels = new int[indices.Count];
        for (int i = 0; i < labels.Length; i++)
        {
            Pixels.AsSpan(indices[i] * size, size).CopyTo(pixels.AsSpan(i * size));
            labels[i] = Labels[indices[i]];
        }

        return new(pixels, labels, ImageShape);
    }
}
