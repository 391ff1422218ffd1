using System.Diagnostics;
using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Graphs;
using CnnTools.Runs;

namespace CnnTools.Training;

/// <summary>Images a second at a batch size, by the median time of a batch.</summary>
/// <param name="Training">Null where the output is no row of logits, which alone has a loss.</param>
public sealed record Speed(int Threads, double Evaluation, double? Training);

/// <summary>Where a speed test stands.</summary>
/// <param name="Phase">"evaluation" or "training".</param>
/// <param name="Repeat">Batches timed so far.</param>
public readonly record struct SpeedProgress(int BatchSize, string Phase, int Repeat);

/// <summary>
/// Times a network on a device, on random images that are there already. It has weights of its own: nobody's model is
/// changed.
/// </summary>
public sealed class SpeedTest : IDisposable
{
    private const int LeastRepeats = 5;
    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(0.1);

    private readonly IBackend _backend;
    private readonly CnnModel _model;

    /// <exception cref="CnnException">The network takes no images, or its weights do not fit into memory.</exception>
    public SpeedTest(IBackend backend, string name, Graph graph, Device device)
    {
        if (graph.InputShape.Rank != 3)
        {
            throw Errors.NoImages(name, graph.InputShape);
        }

        _backend = backend;
        _model = CnnModel.Create(backend, name, graph, seed: 0, device);
    }

    /// <param name="threads">CPU threads; null is the rule of <see cref="ThreadCount"/>.</param>
    /// <exception cref="CnnException">The batch does not fit into memory, or another count of threads is in use.</exception>
    public Speed Run(int batchSize, int? threads, Action<SpeedProgress>? onProgress = null, CancellationToken stop = default)
    {
        TrainingOptions options = new()
        {
            BatchSize = batchSize,
            Device = _model.Device,
            Epochs = int.MaxValue,
            TestEvery = 0,
            LogEvery = 1,
            Threads = threads ?? ThreadCount.ByRule(_model.Graph, batchSize, _model.Device),

            // So small that the weights stay what they are, whatever the images: a step takes as long.
            LearningRate = 1e-12,
        };
        RequireFit(options);
        Dataset images = DrawImages(batchSize);
        using IDisposable threadLease = ThreadCount.Use(_backend, options.Threads.Value);
        return new(
            options.Threads.Value,
            batchSize / TimeEvaluation(images, repeat => onProgress?.Invoke(new(batchSize, "evaluation", repeat)), stop),
            _model.Graph.OutputShape.Rank == 1
                ? batchSize / TimeTraining(images, options, repeat => onProgress?.Invoke(new(batchSize, "training", repeat)), stop)
                : null);
    }

    public void Dispose() => _model.Dispose();

    private void RequireFit(TrainingOptions options)
    {
        options.Validate();
        long most = Graph.MostValues / Math.Max(_model.InputShape.Count, _model.Graph.OutputShape.Count);
        if (options.BatchSize > most)
        {
            throw Errors.InvalidArgument(nameof(options.BatchSize), options.BatchSize, $"at most {most} for images of {_model.InputShape}");
        }

        MemoryEstimate.OfSteps(_model, options).RequireFit("Measuring", _model, options.Device);
    }

    private Dataset DrawImages(int count)
    {
        RandomStream random = new(0, "speed");
        byte[] pixels = new byte[count * _model.InputShape.Count];
        foreach (ref byte pixel in pixels.AsSpan())
        {
            pixel = (byte)random.NextInt32(256);
        }

        ImageSet images = new(pixels, [.. Enumerable.Range(0, count).Select(i => i % _model.Classes)], _model.InputShape);
        return new("random images", images, images, [.. Enumerable.Range(0, _model.Classes).Select(c => $"{c}")], Normalization.None);
    }

    /// <summary>Seconds of a batch as <see cref="Evaluator"/> runs it.</summary>
    private double TimeEvaluation(Dataset images, Action<int> onRepeat, CancellationToken stop)
    {
        ExecutionPlan plan = ExecutionPlan.For(_model.Graph, _backend, _model.Device);
        GraphExecutor executor = new(_backend, plan.Graph, _model.Weights);
        using ResidentSplit split = new(_backend, images.Test, images.Normalization, _model.Device);
        long[] batch = [.. Enumerable.Range(0, split.Count)];
        float[] outputs = new float[batch.Length * _model.Graph.OutputShape.Count];
        return Median(Time, onRepeat, stop);

        TimeSpan Time()
        {
            long start = Stopwatch.GetTimestamp();
            using (_backend.BeginScope(recordGradients: false))
            {
                (Tensor gathered, _) = split.Gather(batch, plan.Layout);
                _backend.Read(executor.Forward(gathered, PassMode.Evaluation), outputs);
            }

            return Stopwatch.GetElapsedTime(start);
        }
    }

    /// <summary>Seconds of a step of the training loop, which tells of each.</summary>
    private double TimeTraining(Dataset images, TrainingOptions options, Action<int> onRepeat, CancellationToken stop)
    {
        TrainingLoop loop = new(_model, images, images.Normalization, options, TrainingFiles.None);
        using IEnumerator<ITrainingRecord> records = loop.Run(stop).GetEnumerator();
        return Median(Time, onRepeat, stop);

        TimeSpan Time()
        {
            long start;
            do
            {
                // Between steps an epoch ends, which is not timed.
                start = Stopwatch.GetTimestamp();
                if (!records.MoveNext())
                {
                    throw new OperationCanceledException(stop);
                }
            }
            while (records.Current is not StepRecord);

            return Stopwatch.GetElapsedTime(start);
        }
    }

    private static double Median(Func<TimeSpan> time, Action<int> onRepeat, CancellationToken stop)
    {
        TimeSpan spent = TimeSpan.Zero;
        while (spent < WarmUpTime)
        {
            stop.ThrowIfCancellationRequested();
            spent += time();
        }

        List<double> seconds = [];
        while (seconds.Count < LeastRepeats || seconds.Sum() < LeastTime.TotalSeconds)
        {
            stop.ThrowIfCancellationRequested();
            seconds.Add(time().TotalSeconds);
            onRepeat(seconds.Count);
        }

        seconds.Sort();
        return (seconds[(seconds.Count - 1) / 2] + seconds[seconds.Count / 2]) / 2;
    }
}
