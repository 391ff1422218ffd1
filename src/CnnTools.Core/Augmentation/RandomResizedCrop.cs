namespace CnnTools.Augmentation;

/// <summary>
/// Scales a part of the image, of random area and shape, to the whole image's size (Szegedy et al. 2014): torchvision's
/// RandomResizedCrop, bilinear, without smoothing, as it is for tensors.
/// </summary>
/// <param name="Area">The least and the most of the image's area.</param>
/// <param name="Ratio">The least and the most of width to height.</param>
internal sealed record RandomResizedCrop(NumberRange Area, NumberRange Ratio) : AugmentationStep<Box>
{
    private const int Attempts = 10;

    internal override Box Draw(RandomStream random, Shape images)
    {
        for (int i = 0; i < Attempts; i++)
        {
            double area = images.Height * images.Width * Area.Draw(random), ratio = Ratio.DrawLogarithm(random);
            int width = (int)Math.Round(Math.Sqrt(area * ratio)), height = (int)Math.Round(Math.Sqrt(area / ratio));
            if (width > 0 && width <= images.Width && height > 0 && height <= images.Height)
            {
                return new(random.NextInt32(images.Height - height + 1), random.NextInt32(images.Width - width + 1), height, width);
            }
        }

        return Central(images);
    }

    internal override void Apply(AugmentedBatch batch, IReadOnlyList<Box> draws) => batch.Replace(batch.Backend.ResizeCrops(
        batch.Pixels, [.. draws.SelectMany(box => new long[] { box.Top, box.Left, box.Height, box.Width })]));

    /// <summary>The largest part from the middle whose shape is allowed.</summary>
    private Box Central(Shape images)
    {
        double own = (double)images.Width / images.Height;
        int height = own < Ratio.Low ? Math.Max(1, (int)Math.Round(images.Width / Ratio.Low)) : images.Height;
        int width = own > Ratio.High ? Math.Max(1, (int)Math.Round(images.Height * Ratio.High)) : images.Width;
        return new((images.Height - height) / 2, (images.Width - width) / 2, height, width);
    }
}
