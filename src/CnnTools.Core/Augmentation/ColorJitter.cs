namespace CnnTools.Augmentation;

/// <summary>
/// Changes brightness, contrast, saturation and hue by factors, in an order that is drawn for each image: torchvision's
/// ColorJitter.
/// </summary>
/// <param name="Hue">Shares of the circle, from -0.5 to 0.5.</param>
internal sealed record ColorJitter(NumberRange Brightness, NumberRange Contrast, NumberRange Saturation, NumberRange Hue)
    : AugmentationStep<Adjustment[]>
{
    private bool ChangesColours => !Saturation.IsSingle(1) || !Hue.IsSingle(0);

    internal override void RequireFit(Shape images)
    {
        if (images.Channels != 3 && ChangesColours)
        {
            throw Errors.AugmentationDoesNotFit("ColorJitter", $"images of {images} have no colours whose saturation or hue could change",
                "Give brightness and contrast alone: 'ColorJitter 0.4 0.4'.");
        }
    }

    internal override Adjustment[] Draw(RandomStream random, Shape images)
    {
        int[] order = [0, 1, 2, 3];
        random.Shuffle<int>(order);
        Adjustment[] known =
        [
            Of(AdjustmentKind.Brightness, Brightness, 1), Of(AdjustmentKind.Contrast, Contrast, 1),
            Of(AdjustmentKind.Color, Saturation, 1), Of(AdjustmentKind.Hue, Hue, 0),
        ];
        return Array.ConvertAll(order, i => known[i]);

        Adjustment Of(AdjustmentKind kind, NumberRange range, double unchanged) =>
            range.IsSingle(unchanged) ? default : new(kind, range.Draw(random));
    }

    internal override void Apply(AugmentedBatch batch, IReadOnlyList<Adjustment[]> draws)
    {
        for (int turn = 0; turn < 4; turn++)
        {
            Adjustment.Apply(batch, [.. draws.Select(draw => draw[turn])]);
        }
    }
}
