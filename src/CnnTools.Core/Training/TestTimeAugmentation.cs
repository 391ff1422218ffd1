using System.Collections.Immutable;
using CnnTools.Augmentation;
using CnnTools.Backends;

namespace CnnTools.Training;

/// <summary>As what else an image is seen when a model is tested; what it says of each is averaged.</summary>
public enum TestTimeAugmentation
{
    None,

    /// <summary>And mirrored.</summary>
    Flip,

    /// <summary>And moved to the four corners by an eighth of its size, the edge repeated.</summary>
    Crops,

    /// <summary>Crops, and each of the five mirrored.</summary>
    FlipCrops,
}

/// <summary>The views of <see cref="TestTimeAugmentation"/>, each as an augmentation in which nothing is drawn.</summary>
internal static class TestTimeViews
{
    private const int Part = 8;

    /// <summary>The image itself comes first.</summary>
    public static IReadOnlyList<BatchAugmentation?> Of(TestTimeAugmentation kind, Shape images)
    {
        (int down, int right) = (Math.Max(1, images.Height / Part), Math.Max(1, images.Width / Part));
        Pair[] moves = kind is TestTimeAugmentation.Crops or TestTimeAugmentation.FlipCrops
            ? [new(0, 0), new(-down, -right), new(-down, right), new(down, -right), new(down, right)]
            : [new(0, 0)];
        bool[] mirrored = kind is TestTimeAugmentation.Flip or TestTimeAugmentation.FlipCrops ? [false, true] : [false];
        return
        [
            .. from flip in mirrored
               from move in moves
               select flip || move != default ? View(move, flip) : null,
        ];
    }

    private static BatchAugmentation View(Pair move, bool flip)
    {
        ImmutableArray<AugmentationStep> steps = [new Shift(move), new Flip(Horizontal: true, flip ? 1 : 0)];
        return new(steps, new RandomStream(0, "test-time views"));
    }

    /// <summary>Moves all images alike.</summary>
    /// <param name="By">Pixels down and right.</param>
    private sealed record Shift(Pair By) : AugmentationStep
    {
        internal override void Apply(AugmentedBatch batch, RandomStream random) => batch.Move(
            (_, y) => Math.Clamp(y - By.Vertical, 0, batch.ImageShape.Height - 1),
            (_, x) => Math.Clamp(x - By.Horizontal, 0, batch.ImageShape.Width - 1));
    }
}
