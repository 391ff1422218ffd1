namespace CnnTools.Augmentation;

/// <summary>
/// Erases squares whose centres lie anywhere in the image; what hangs over the edge is cut off (DeVries, Taylor 2017, "Improved
/// Regularization of Convolutional Neural Networks with Cutout"). The normalised image is 0 there: the mean colour.
/// </summary>
/// <param name="Length">The squares' side.</param>
internal sealed record Cutout(int Length, int Holes) : AugmentationStep<Box[]>
{
    internal override Box[] Draw(RandomStream random, Shape images)
    {
        Box[] boxes = new Box[Holes];
        for (int i = 0; i < Holes; i++)
        {
            int y = random.NextInt32(images.Height), x = random.NextInt32(images.Width), half = Length / 2;
            boxes[i] = new(y - half, x - half, 2 * half, 2 * half);
        }

        return boxes;
    }

    internal override void Apply(AugmentedBatch batch, IReadOnlyList<Box[]> draws)
    {
        for (int hole = 0; hole < Holes; hole++)
        {
            batch.Erase(draws.Select(boxes => boxes[hole]), value: 0);
        }
    }
}
