using System.Collections.Immutable;
using System.Diagnostics;
using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Graphs;

namespace CnnTools.Training;

/// <summary>The splits of a data set that a model can be tested on.</summary>
public enum EvaluationSplit
{
    Test,
    Train,
}

/// <summary>Runs a model over a split in evaluation mode and counts.</summary>
public static class Evaluator
{
    public const int DefaultBatchSize = 256;

    /// <summary>Evaluates a model on a split of a data set, normalised as it was in training.</summary>
    /// <param name="threads">CPU threads; null is the count in use, else the rule of <see cref="ThreadCount"/>.</param>
    /// <exception cref="CnnException">The data set does not fit the model, the model is in use, or memory is short.</exception>
    public static Evaluation Test(
        CnnModel model, Dataset dataset, EvaluationSplit split, Device device, int batchSize, int? threads,
        CancellationToken stop)
    {
        model.RequireFit(dataset);
        ImageSet images = split == EvaluationSplit.Train ? dataset.Train : dataset.Test;
        MemoryEstimate.OfEvaluation(model, images, batchSize, device).RequireFit("Testing", model, device);
        using IDisposable lease = model.Use("testing");
        using IDisposable threadLease = threads is { } count
            ? ThreadCount.Use(model.Backend, count)
            : ThreadCount.UseCurrentOr(model.Backend, ThreadCount.ByRule(model.Graph, batchSize, device));
        model.MoveTo(device);
        using IBatchSource source = IBatchSource.Open(model.Backend, images, model.Normalization ?? dataset.Normalization, device);
        return Evaluate(model, source, dataset.Name, split.ToString(), dataset.ClassNames, batchSize, stop: stop);
    }

    /// <summary>
    /// Loss, accuracies and the confusion matrix. Sums are in double precision over the logits, in the split's order.
    /// </summary>
    /// <param name="classNames">One name for each logit.</param>
    /// <param name="weights">The model's own where null.</param>
    public static Evaluation Evaluate(
        CnnModel model, IBatchSource split, string dataset, string splitName, ImmutableArray<string> classNames,
        int batchSize = DefaultBatchSize, ModelWeights? weights = null, CancellationToken stop = default)
    {
        Stopwatch clock = Stopwatch.StartNew();
        ExecutionPlan plan = ExecutionPlan.For(model.Graph, model.Backend, model.Device);
        GraphExecutor executor = new(model.Backend, plan.Graph, weights ?? model.Weights);
        int classes = model.Classes;
        int[,] confusion = new int[classes, classes];
        double lossSum = 0;
        int top5 = 0;
        batchSize = Math.Min(batchSize, split.Count);
        float[] logits = new float[(long)batchSize * classes];
        long[] order = [.. Enumerable.Range(0, split.Count)];
        foreach (Batch batch in split.Read(order, batchSize, first: 0, stop))
        {
            Span<float> rows = logits.AsSpan(0, batch.Count * classes);
            using (model.Backend.BeginScope(recordGradients: false))
            {
                (Tensor images, _) = split.Load(batch, plan.Layout);
                model.Backend.Read(executor.Forward(images, PassMode.Evaluation), rows);
            }

            for (int i = 0; i < batch.Count; i++)
            {
                ReadOnlySpan<float> row = rows.Slice(i * classes, classes);
                int label = split.Labels[(int)batch.Indices.Span[i]];
                lossSum += CrossEntropy(row, label);
                top5 += Rank(row, label) < 5 ? 1 : 0;
                confusion[label, Largest(row)]++;
            }
        }

        stop.ThrowIfCancellationRequested();
        return new Evaluation
        {
            Model = model.Name,
            Dataset = dataset,
            Split = splitName,
            Images = split.Count,
            Loss = lossSum / split.Count,
            Accuracy = (double)Enumerable.Range(0, classes).Sum(c => confusion[c, c]) / split.Count,
            Top5Accuracy = (double)top5 / split.Count,
            Seconds = clock.Elapsed.TotalSeconds,
            Classes = [.. Enumerable.Range(0, classes).Select(c => Figures(confusion, c, classNames[c]))],
            ConfusionMatrix =
            [
                .. Enumerable.Range(0, classes).Select(row =>
                    Enumerable.Range(0, classes).Select(column => confusion[row, column]).ToImmutableArray()),
            ],
        };
    }

    /// <summary>log Σ exp(logits) - logit of the label, with the maximum taken out first.</summary>
    private static double CrossEntropy(ReadOnlySpan<float> logits, int label)
    {
        double maximum = logits[Largest(logits)];
        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - maximum);
        }

        return Math.Log(sum) + maximum - logits[label];
    }

    /// <summary>The first of the largest values, as argmax has it; a NaN counts as largest.</summary>
    private static int Largest(ReadOnlySpan<float> logits)
    {
        int largest = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[largest] || (float.IsNaN(logits[i]) && !float.IsNaN(logits[largest])))
            {
                largest = i;
            }
        }

        return largest;
    }

    /// <summary>How many logits are larger than the label's; past all of them where the label's is no number.</summary>
    private static int Rank(ReadOnlySpan<float> logits, int label)
    {
        int rank = 0;
        foreach (float logit in logits)
        {
            rank += logit <= logits[label] ? 0 : 1;
        }

        return rank;
    }

    private static ClassFigures Figures(int[,] confusion, int label, string name)
    {
        int classes = confusion.GetLength(0);
        int images = Enumerable.Range(0, classes).Sum(c => confusion[label, c]);
        int predicted = Enumerable.Range(0, classes).Sum(c => confusion[c, label]);
        int hits = confusion[label, label];
        return new(
            name,
            images,
            predicted == 0 ? null : (double)hits / predicted,
            images == 0 ? null : (double)hits / images,
            images + predicted == 0 ? null : 2.0 * hits / (images + predicted));
    }
}
