using System.Collections.Immutable;

namespace CnnTools.Training;

/// <summary>How a model did on a split. Shares are of 1; the loss is the mean cross entropy.</summary>
public sealed record Evaluation
{
    public required string Model { get; init; }

    public required string Dataset { get; init; }

    public required string Split { get; init; }

    public required int Images { get; init; }

    public required double Loss { get; init; }

    public required double Accuracy { get; init; }

    /// <summary>How often the label is among the five largest logits.</summary>
    public required double Top5Accuracy { get; init; }

    /// <summary>
    /// Expected calibration error: the mean distance between how sure the model is of its predictions and how often they are
    /// right, over 15 equal bins of the probability, weighted by their images (Guo et al. 2017, equation 3).
    /// </summary>
    public required double CalibrationError { get; init; }

    /// <summary>What each image was seen as, besides itself; the probabilities are means over all.</summary>
    public TestTimeAugmentation TestTimeAugmentation { get; init; }

    public required double Seconds { get; init; }

    public required ImmutableArray<ClassFigures> Classes { get; init; }

    /// <summary>Counts by [true class][predicted class].</summary>
    public required ImmutableArray<ImmutableArray<int>> ConfusionMatrix { get; init; }

    /// <summary>The images with the largest losses, the worst first; at most twenty.</summary>
    public required ImmutableArray<EvaluatedImage> Worst { get; init; }

    /// <summary>Which class is taken for which how often, the most frequent first.</summary>
    public IEnumerable<ConfusedPair> ConfusedPairs =>
        from actual in Enumerable.Range(0, Classes.Length)
        from predicted in Enumerable.Range(0, Classes.Length)
        let count = ConfusionMatrix[actual][predicted]
        where actual != predicted && count > 0
        orderby count descending
        select new ConfusedPair(Classes[actual].Class, Classes[predicted].Class, count, (double)count / Classes[actual].Images);
}

/// <summary>One class of an evaluation.</summary>
/// <param name="Images">How many images have this class.</param>
/// <param name="Precision">Of those predicted to be it, the share that are; empty where none was.</param>
/// <param name="Recall">Of those that are it, the share found; empty where there are none.</param>
/// <param name="F1">Harmonic mean of the two.</param>
public sealed record ClassFigures(string Class, int Images, double? Precision, double? Recall, double? F1);

/// <summary>Images of one class that were taken for another.</summary>
/// <param name="Share">Of all images of the class.</param>
public sealed record ConfusedPair(string Class, string Predicted, int Images, double Share);

/// <summary>One image of an evaluation.</summary>
/// <param name="Index">Its place in the split, from 0.</param>
/// <param name="Path">Its file; empty for data that are not a file an image.</param>
/// <param name="Predicted">The likeliest class, and <paramref name="Confidence"/> its probability.</param>
/// <param name="Probability">Of its own class.</param>
public sealed record EvaluatedImage(
    int Index, string Path, string Class, string Predicted, double Confidence, double Probability, double Loss);
