using CnnTools.Graphs;

namespace CnnTools.Training;

/// <summary>What a network costs; and how fast it runs, where that was measured: empty else.</summary>
public sealed record ModelMeasurement
{
    public required string Model { get; init; }

    public required Shape InputShape { get; init; }

    /// <summary>Number of trained values.</summary>
    public required long Parameters { get; init; }

    /// <summary>Those of them that a training would change.</summary>
    public required long TrainableParameters { get; init; }

    /// <summary>Multiplications paired with an addition, for one image in evaluation.</summary>
    public required long Macs { get; init; }

    /// <summary>All weights, running statistics included, in float32.</summary>
    public required long ModelBytes { get; init; }

    /// <summary>What one image of a batch leaves for the backward pass; see <see cref="ActivationMemory.Kept"/>.</summary>
    public required double TrainingBytes { get; init; }

    /// <summary>The most that one image takes at once in evaluation; see <see cref="ActivationMemory.MostAlive"/>.</summary>
    public required double EvaluationBytes { get; init; }

    public string? Device { get; init; }

    public int? BatchSize { get; init; }

    public int? Threads { get; init; }

    public double? EvaluationImagesPerSecond { get; init; }

    /// <summary>Of whole steps: forward, loss, backward, update. Empty where the output is no row of logits.</summary>
    public double? TrainingImagesPerSecond { get; init; }

    /// <summary>From the network alone.</summary>
    /// <param name="trainable">How many parameters a training would change; null for all.</param>
    public static ModelMeasurement Of(string model, Graph graph, long? trainable = null) => new()
    {
        Model = model,
        InputShape = graph.InputShape,
        Parameters = graph.Parameters,
        TrainableParameters = trainable ?? graph.Parameters,
        Macs = graph.MultiplyAdds,
        ModelBytes = graph.Weights.Sum(w => w.Spec.Count) * sizeof(float),
        TrainingBytes = ActivationMemory.Kept(graph),
        EvaluationBytes = ActivationMemory.MostAlive(graph, graph.EvaluationNodes),
    };
}
