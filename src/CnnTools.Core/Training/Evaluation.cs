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

    public required double Seconds { get; init; }

    public required ImmutableArray<ClassFigures> Classes { get; init; }

    /// <summary>Counts by [true class][predicted class].</summary>
    public required ImmutableArray<ImmutableArray<int>> ConfusionMatrix { get; init; }
}

/// <summary>One class of an evaluation.</summary>
/// <param name="Images">How many images have this class.</param>
/// <param name="Precision">Of those predicted to be it, the share that are; empty where none was.</param>
/// <param name="Recall">Of those that are it, the share found; empty where there are none.</param>
/// <param name="F1">Harmonic mean of the two.</param>
public sealed record ClassFigures(string Class, int Images, double? Precision, double? Recall, double? F1);
