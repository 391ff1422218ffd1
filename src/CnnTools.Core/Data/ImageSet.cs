namespace CnnTools.Data;

/// <summary>Images of one size with their labels, in host memory: one split of a data set.</summary>
/// <param name="Pixels">uint8 values in (N, C, H, W) order.</param>
/// <param name="Labels">One class index an image.</param>
/// <param name="ImageShape">(C, H, W).</param>
public sealed record ImageSet(byte[] Pixels, int[] Labels, Shape ImageShape)
{
    public int Count => Labels.Length;
}
