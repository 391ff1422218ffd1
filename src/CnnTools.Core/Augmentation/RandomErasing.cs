namespace CnnTools.Augmentation;

/// <summary>
/// Sets a rectangle to a value with a probability (Zhong et al. 2017): torchvision's RandomErasing, and as in torchvision's own
/// training scripts on the normalised image, where 0 is the mean colour.
/// </summary>
/// <param name="Area">The least and the most of the image's area.</param>
/// <param name="Ratio">The least and the most of height to width.</param>
/// <param name="Value">Of the normalised image.</param>
internal sealed record RandomErasing(double Probability, NumberRange Area, NumberRange Ratio, double Value) : AugmentationStep<Box>
{
    private const int Attempts = 10;

    internal override Box Draw(RandomStream random, Shape images)
    {
        if (random.NextDouble() >= Probability)
        {
            return default;
        }

        for (int i = 0; i < Attempts; i++)
        {
            double area = images.Height * images.Width * Area.Draw(random), ratio = Ratio.DrawLogarithm(random);
            int height = (int)Math.Round(Math.Sqrt(area * ratio)), width = (int)Math.Round(Math.Sqrt(area / ratio));
            if (height < images.Height && width < images.Width)
            {
                return new(random.NextInt32(images.Height - height + 1), random.NextInt32(images.Width - width + 1), height, width);
            }
        }

        return default;
    }

    internal override void Apply(AugmentedBatch batch, IReadOnlyList<Box> draws) => batch.Erase(draws, (float)Value);
}
