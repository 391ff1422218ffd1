using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Operations;
using CnnTools.Training;

namespace CnnTools.Predictions;

/// <summary>Runs a model over samples, in evaluation mode.</summary>
/// <param name="batchSize">The most samples that will come at once.</param>
/// <param name="threads">CPU threads; null is the count in use, else the rule of <see cref="ThreadCount"/>.</param>
public sealed class Predictor(CnnModel model, Device device, int batchSize, int? threads)
{
    public const int DefaultBatchSize = 64;

    /// <summary>The network's output for each of the samples, in their order.</summary>
    /// <exception cref="CnnException">The model is in use, or memory is short.</exception>
    public IReadOnlyList<FeatureMap> Run(IReadOnlyList<Sample> batch)
    {
        MemoryEstimate.OfBatch(model, batch.Count, device).RequireFit("Predicting with", model, device);
        using IDisposable lease = model.Use("prediction");
        using IDisposable threadLease = threads is { } count
            ? ThreadCount.Use(model.Backend, count)
            : ThreadCount.UseCurrentOr(model.Backend, ThreadCount.ByRule(model.Graph, batchSize, device));
        model.MoveTo(device);
        float[] outputs = Forward([.. batch.SelectMany(sample => sample.Values)], batch.Count);
        Shape sizes = FeatureMap.SizesOf(1, model.Graph.OutputShape, isBatch: false);
        string label = model.Graph.EvaluationNodes.LastOrDefault()?.Name ?? "";
        return
        [
            .. batch.Zip(outputs.Chunk((int)sizes.Count), (sample, output) =>
                new FeatureMap(sizes, output) { Label = label, Source = sample.Source }),
        ];
    }

    /// <summary>What an output of logits says.</summary>
    /// <param name="top">How many of the likeliest classes to tell; no more than there are.</param>
    /// <exception cref="CnnException">The network gives no logits.</exception>
    public Prediction Interpret(FeatureMap output, int top, bool includeLogits)
    {
        model.RequireLogits();
        float[] logits = output.AsSpan().ToArray();
        double[] probabilities = Softmax(logits);

        // Sorting is stable: of equals the first comes first. A NaN counts as largest, as argmax has it.
        ClassProbability[] likeliest =
        [
            .. Enumerable.Range(0, logits.Length)
                .OrderByDescending(c => float.IsNaN(logits[c]) ? float.PositiveInfinity : logits[c])
                .Take(top)
                .Select(c => new ClassProbability(model.GetClassName(c), c, probabilities[c])),
        ];
        return new()
        {
            Source = output.Source,
            Model = model.Name,
            Class = likeliest[0].Class,
            ClassIndex = likeliest[0].ClassIndex,
            Probability = likeliest[0].Probability,
            Top = [.. likeliest],
            Logits = includeLogits ? [.. logits] : [],
        };
    }

    private float[] Forward(float[] values, int samples)
    {
        IBackend backend = model.Backend;
        ExecutionPlan plan = ExecutionPlan.For(model.Graph, backend, device);
        using ITensorScope scope = backend.BeginScope(recordGradients: false);
        Tensor input = backend.FromFloats(values, model.InputShape.WithBatch(samples), device);
        if (model.InputShape.Rank == 3)
        {
            input = backend.Copy(input, device, plan.Layout);
        }

        Tensor output = new GraphExecutor(backend, plan.Graph, model.Weights).Forward(input, PassMode.Evaluation);
        float[] read = new float[output.Count];
        backend.Read(output, read);
        return read;
    }

    private static double[] Softmax(float[] logits)
    {
        double largest = logits.Max();
        double[] powers = Array.ConvertAll(logits, logit => Math.Exp(logit - largest));
        double sum = powers.Sum();
        return Array.ConvertAll(powers, power => power / sum);
    }
}
