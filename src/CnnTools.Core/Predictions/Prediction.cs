using System.Collections.Immutable;
using System.Globalization;

namespace CnnTools.Predictions;

/// <summary>What a model takes an image for.</summary>
public sealed record Prediction
{
    /// <summary>The file, as it was given; empty for data that come from none.</summary>
    public required string Source { get; init; }

    /// <summary>The model's label.</summary>
    public required string Model { get; init; }

    /// <summary>The likeliest class, by name; by index where the model knows no names.</summary>
    public required string Class { get; init; }

    /// <summary>Its place among the logits, from 0.</summary>
    public required int ClassIndex { get; init; }

    /// <summary>Its softmax, from 0 to 1.</summary>
    public required double Probability { get; init; }

    /// <summary>The likeliest classes, this one first; as many as were asked for.</summary>
    public required ImmutableArray<ClassProbability> Top { get; init; }

    /// <summary>The network's output, one value for each class; none unless asked for.</summary>
    public ImmutableArray<float> Logits { get; init; } = [];

    public override string ToString() => $"{Source}: {Top[0]}";
}

/// <summary>How likely a model holds a class.</summary>
public sealed record ClassProbability(string Class, int ClassIndex, double Probability)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Class} {Probability:F4}");
}
