using System.Collections.Immutable;
using System.Diagnostics;
using CnnTools.Augmentation;
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

    private const int WorstImages = 20;

    /// <summary>Evaluates a model on a split of a data set, normalised as it was in training.</summary>
    /// <param name="threads">CPU threads; null is the count in use, else the rule of <see cref="ThreadCount"/>.</param>
    /// <exception cref="CnnException">The data set does not fit the model, the model is in use, or memory is short.</exception>
    public static Evaluation Test(
        CnnModel model, Dataset dataset, EvaluationSplit split, Device device, int batchSize, int? threads,
        CancellationToken stop, TestTimeAugmentation augmentation = TestTimeAugmentation.None)
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
        Evaluation evaluation = Evaluate(
            model, source, dataset.Name, split.ToString(), dataset.ClassNames, batchSize, augmentation, stop: stop);
        return evaluation with { Worst = [.. evaluation.Worst.Select(image => image with { Path = images.PathOf(image.Index) })] };
    }

    /// <summary>
    /// Loss, accuracies and the confusion matrix. Sums are in double precision over the logits, in the split's order.
    /// </summary>
    /// <param name="classNames">One name for each logit.</param>
    /// <param name="weights">The model's own where null.</param>
    public static Evaluation Evaluate(
        CnnModel model, IBatchSource split, string dataset, string splitName, ImmutableArray<string> classNames,
        int batchSize = DefaultBatchSize, TestTimeAugmentation augmentation = TestTimeAugmentation.None,
        ModelWeights? weights = null, CancellationToken stop = default)
    {
        Stopwatch clock = Stopwatch.StartNew();
        ExecutionPlan plan = ExecutionPlan.For(model.Graph, model.Backend, model.Device);
        GraphExecutor executor = new(model.Backend, plan.Graph, weights ?? model.Weights);
        int classes = model.Classes;
        int[,] confusion = new int[classes, classes];
        double lossSum = 0;
        int top5 = 0;
        batchSize = Math.Min(batchSize, split.Count);
        Calibration calibration = new();
        PriorityQueue<EvaluatedImage, double> worst = new();
        IReadOnlyList<BatchAugmentation?> views = TestTimeViews.Of(augmentation, model.InputShape);
        float[] logits = new float[(long)batchSize * classes];
        long[] order = [.. Enumerable.Range(0, split.Count)];
        foreach (Batch batch in split.Read(order, batchSize, first: 0, stop))
        {
            Span<float> rows = logits.AsSpan(0, batch.Count * classes);
            Forward(batch, rows);
            for (int i = 0; i < batch.Count; i++)
            {
                ReadOnlySpan<float> row = rows.Slice(i * classes, classes);
                int label = split.Labels[(int)batch.Indices.Span[i]];
                int predicted = Largest(row);
                double whole = LogSumExp(row);
                double loss = whole - row[label], confidence = Math.Exp(row[predicted] - whole);
                lossSum += loss;
                calibration.Add(confidence, predicted == label);
                if (worst.Count < WorstImages || loss > worst.Peek().Loss)
                {
                    Keep(new((int)batch.Indices.Span[i], "", classNames[label], classNames[predicted], confidence, Math.Exp(-loss), loss));
                }

                top5 += Rank(row, label) < 5 ? 1 : 0;
                confusion[label, predicted]++;
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
            CalibrationError = calibration.ExpectedError,
            TestTimeAugmentation = augmentation,
            Seconds = clock.Elapsed.TotalSeconds,
            Classes = [.. Enumerable.Range(0, classes).Select(c => Figures(confusion, c, classNames[c]))],
            ConfusionMatrix =
            [
                .. Enumerable.Range(0, classes).Select(row =>
                    Enumerable.Range(0, classes).Select(column => confusion[row, column]).ToImmutableArray()),
            ],
            Worst = [.. worst.UnorderedItems.Select(item => item.Element).OrderByDescending(image => image.Loss).ThenBy(image => image.Index)],
        };

        // The logits of a batch; of several views the logarithms of the mean probabilities, whose softmax these are.
        void Forward(Batch batch, Span<float> rows)
        {
            double[] sums = views.Count > 1 ? new double[rows.Length] : [];
            foreach (BatchAugmentation? view in views)
            {
                using ITensorScope scope = model.Backend.BeginScope(recordGradients: false);
                (Tensor images, _) = split.Load(batch, plan.Layout, view);
                model.Backend.Read(executor.Forward(images, PassMode.Evaluation), rows);
                for (int start = 0; start < sums.Length; start += classes)
                {
                    double whole = LogSumExp(rows.Slice(start, classes));
                    for (int i = start; i < start + classes; i++)
                    {
                        sums[i] += Math.Exp(rows[i] - whole);
                    }
                }
            }

            for (int i = 0; i < sums.Length; i++)
            {
                rows[i] = (float)Math.Log(sums[i] / views.Count);
            }
        }

        void Keep(EvaluatedImage image)
        {
            worst.Enqueue(image, image.Loss);
            if (worst.Count > WorstImages)
            {
                worst.Dequeue();
            }
        }
    }

    /// <summary>log Σ exp(logits), with the maximum taken out first: less a logit it is the cross entropy of that class.</summary>
    private static double LogSumExp(ReadOnlySpan<float> logits)
    {
        double maximum = logits[Largest(logits)];
        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - maximum);
        }

        return Math.Log(sum) + maximum;
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

    /// <summary>How sure and how right predictions are, in bins of how sure they are.</summary>
    private sealed class Calibration
    {
        private const int Bins = 15;

        private readonly double[] _confidence = new double[Bins];
        private readonly int[] _right = new int[Bins];
        private int _images;

        /// <summary>Σ |right - sure| over the bins, of all images: the bins' weights and their means' divisors cancel.</summary>
        public double ExpectedError => _confidence.Zip(_right, (sure, right) => Math.Abs(right - sure)).Sum() / _images;

        /// <param name="confidence">In (0, 1]; a bin has its upper end.</param>
        public void Add(double confidence, bool isRight)
        {
            int bin = double.IsNaN(confidence) ? Bins - 1 : Math.Clamp((int)Math.Ceiling(confidence * Bins) - 1, 0, Bins - 1);
            _confidence[bin] += confidence;
            _right[bin] += isRight ? 1 : 0;
            _images++;
        }
    }
}
