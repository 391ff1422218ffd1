using CnnTools.Backends;

namespace CnnTools.Augmentation;

/// <summary>Turns, moves, scales and shears around the middle: torchvision's RandomAffine.</summary>
/// <param name="Degrees">Clockwise.</param>
/// <param name="TranslateX">The most that it moves left or right, as a share of the width.</param>
/// <param name="TranslateY">Up or down, of the height.</param>
/// <param name="Shear">In degrees, along the rows.</param>
internal sealed record RandomAffine(
    NumberRange Degrees, double TranslateX, double TranslateY, NumberRange Scale, NumberRange Shear, Interpolation Mode, byte Fill)
    : AugmentationStep<AffineDraw>
{
    internal override AffineDraw Draw(RandomStream random, Shape images)
    {
        double angle = Degrees.Draw(random);
        double across = TranslateX * images.Width, down = TranslateY * images.Height;
        int right = (int)Math.Round(random.NextDouble(-across, across)), below = (int)Math.Round(random.NextDouble(-down, down));
        return new(angle, right, below, Scale.Draw(random), Shear.Draw(random), ShearY: 0);
    }

    internal override void Apply(AugmentedBatch batch, IReadOnlyList<AffineDraw> draws) => batch.Replace(batch.Backend.WarpImages(
        batch.Pixels, [.. draws.SelectMany(draw => AffineMatrix.Affine(draw))], Mode, Fill));
}

/// <summary>Turns around the middle: torchvision's RandomRotation.</summary>
/// <param name="Degrees">Counter-clockwise.</param>
internal sealed record RandomRotation(NumberRange Degrees, Interpolation Mode, byte Fill) : AugmentationStep<double>
{
    internal override double Draw(RandomStream random, Shape images) => Degrees.Draw(random);

    internal override void Apply(AugmentedBatch batch, IReadOnlyList<double> draws) => batch.Replace(
        batch.Backend.WarpImages(batch.Pixels, [.. draws.SelectMany(AffineMatrix.Rotation)], Mode, Fill));
}
