using System.Collections.Immutable;
using System.Diagnostics;
using CnnTools.Augmentation;
using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Graphs;
using CnnTools.Runs;

namespace CnnTools.Training;

/// <summary>
/// Trains a model on a data set. The whole of it, top to bottom: what is set up, what a step does, what an epoch tells,
/// what is left behind when it ends or is stopped.
/// </summary>
/// <param name="files">Where the log and the checkpoints go.</param>
/// <param name="resumeFrom">A checkpoint of this model's training to go on from; null to begin.</param>
public sealed class TrainingLoop(
    CnnModel model, Dataset dataset, Normalization normalization, TrainingOptions options, TrainingFiles files,
    TrainingCheckpoint? resumeFrom = null, Action<TrainingProgress>? onStep = null)
{
    /// <summary>Whether the log was opened and the checkpoint's place taken: from then on they are this training's.</summary>
    public bool HasFiles { get; private set; }

    /// <summary>
    /// Yields each epoch's record as the epoch ends, and each step record where they were asked for. By the time a
    /// record is yielded, the log holds it and the checkpoint is written. Between any two steps it can be stopped, by
    /// the token or by disposing the enumerator: then the log is whole and the checkpoint stands at the last step.
    /// </summary>
    /// <exception cref="CnnException">The input cannot be trained on, a file cannot be written, or the loss is no number.</exception>
    public IEnumerable<ITrainingRecord> Run(CancellationToken stop)
    {
        // 1. Everything that can be wrong is found before any work is done.
        options.Validate();
        model.RequireFit(dataset);
        (ImageSet trainImages, ImageSet? validationImages) = SplitTraining(dataset, options);
        RequireVariance(trainImages.Count);
        AugmentationPlan? augmentation = AugmentationPlan.Parse(options.Augmentation, dataset.ImageShape, options.Seed);
        MemoryEstimate.OfTraining(model, dataset, options).RequireFit("Training", model, options.Device);
        IBackend backend = model.Backend;
        Device device = options.Device;
        int threads = options.Threads ?? ThreadCount.ByRule(model.Graph, options.BatchSize, device);
        using IDisposable lease = model.Use("training");
        using IDisposable threadLease = ThreadCount.Use(backend, threads);
        using TrainingLog log = TrainingLog.Open(files, options.LogEvery > 0, resumeFrom);
        HasFiles = true;

        // 2. The data move to the device, whole, as bytes.
        using DeviceSplit train = new(backend, trainImages, normalization, device);
        using DeviceSplit? validation = validationImages is null ? null : new(backend, validationImages, normalization, device);
        using DeviceSplit? test = options.TestEvery == 0 ? null : new(backend, dataset.Test, normalization, device);

        // 3. So does the model. Each random choice has a generator of its own, made from the seed.
        model.MoveTo(device);
        ExecutionPlan plan = ExecutionPlan.For(model.Graph, backend, device);
        GraphExecutor executor = new(backend, plan.Graph, model.Weights);
        using Optimizer optimizer = Optimizer.Create(backend, model.Weights, options);
        using IGenerator dropout = backend.CreateGenerator(device, new RandomStream(options.Seed, "dropout").NextUInt64());
        RandomStream order = new(options.Seed, "order");
        TrainingPosition position = new() { Order = TrainingPosition.StateOf(order) };
        if (resumeFrom is not null)
        {
            position = resumeFrom.Restore(backend, dataset, device, optimizer, dropout);
            order.State = (position.Order[0], position.Order[1], position.Order[2], position.Order[3]);
        }

        double learningRate = options.EffectiveLearningRate;
        int batches = ((train.Count - 1) / options.BatchSize) + 1;
        PassMode training = new(Training: true, dropout);
        long savedStep = position.Step;
        bool saved = resumeFrom is not null;
        bool whole = true;
        ImmutableList<double> losses = [];

        try
        {
            while (position.Epoch < options.Epochs)
            {
                Stopwatch clock = Stopwatch.StartNew();
                double earlierSeconds = position.Seconds;
                int earlierSeen = position.Seen;
                long[] permutation = Permutation(train.Count, order);

                // 4. Step by step. Within one the state is of two steps, and nothing is saved.
                while (position.Batch < batches)
                {
                    if (stop.IsCancellationRequested)
                    {
                        yield break;
                    }

                    int start = position.Batch * options.BatchSize;
                    int images = Math.Min(options.BatchSize, train.Count - start);
                    whole = false;
                    (float loss, int correct) = Step(permutation.AsSpan(start, images));
                    position.Count(loss, correct, images);
                    position.Seconds = earlierSeconds + clock.Elapsed.TotalSeconds;
                    whole = true;

                    StepRecord? step = null;
                    if (options.LogEvery > 0 && position.Batch % options.LogEvery == 0)
                    {
                        step = StepFigures(position, learningRate);
                        log.Write(step);
                    }

                    onStep?.Invoke(Progress(position, batches, clock, earlierSeen));
                    if (step is not null)
                    {
                        yield return step;
                    }
                }

                // 5. The epoch's figures: running ones for training, then validation and test in evaluation mode.
                double trainSeconds = position.Seconds;
                Evaluation? validated = validation is null ? null : Evaluate(validation, "Validation", stop);
                Evaluation? tested = test is not null && (position.Epoch + 1) % options.TestEvery == 0
                    ? Evaluate(test, "Test", stop)
                    : null;
                if (stop.IsCancellationRequested)
                {
                    yield break;
                }

                RequireFinite(validated?.Loss);
                RequireFinite(tested?.Loss);
                losses = losses.Add(position.LossSum / position.Seen);
                EpochRecord record = new()
                {
                    Run = options.Run,
                    Model = model.Name,
                    Dataset = dataset.Name,
                    Device = device.ToString(),
                    Seed = options.Seed,
                    Epoch = position.Epoch + 1,
                    Step = position.Step,
                    LearningRate = learningRate,
                    TrainLoss = losses[^1],
                    TrainAccuracy = (double)position.Correct / position.Seen,
                    ValidationLoss = validated?.Loss,
                    ValidationAccuracy = validated?.Accuracy,
                    TestLoss = tested?.Loss,
                    TestAccuracy = tested?.Accuracy,
                    Seconds = earlierSeconds + clock.Elapsed.TotalSeconds,
                    ImagesPerSecond = position.Seen / trainSeconds,
                    PeakMemoryBytes = backend.GetPeakMemory(device),
                    Threads = threads,
                    Precision = "float32",
                    Checkpoint = files.CheckpointPath,
                    Losses = losses,
                };

                // 6. Log, then checkpoint, then tell: nothing is told that is not on the disk, and a process that is
                // killed in between loses no row (resuming drops what the checkpoint does not know and writes it again).
                log.Write(record);
                log.Flush();
                position.EndEpoch(order);
                Save();
                yield return record;
            }
        }
        finally
        {
            // 7. However it ends, except by a failure within a step, the last step is kept.
            if (whole && position.Step > savedStep)
            {
                Save();
            }
        }

        // One step: gather, forward, loss, backward, update.
        (float Loss, int Correct) Step(ReadOnlySpan<long> batch)
        {
            using (backend.BeginScope(recordGradients: true))
            {
                (Tensor images, Tensor labels) = train.Gather(
                    batch, plan.Layout, augmentation?.For(position.Epoch, position.Batch));
                Outputs outputs = executor.ForwardAll(images, training);
                Tensor loss = Loss(outputs, labels);
                float value = backend.ReadScalar(loss);
                RequireFinite(value);
                backend.Backward(loss);
                optimizer.Step(learningRate);
                (model.Normalization, model.TrainedData, model.ClassNames) = (normalization, dataset.Request, dataset.ClassNames);
                return (value, backend.CountCorrect(outputs.Main, labels));
            }
        }

        // Cross entropy, and that of each auxiliary output with its weight.
        Tensor Loss(Outputs outputs, Tensor labels)
        {
            Tensor loss = backend.CrossEntropy(outputs.Main, labels, options.LabelSmoothing);
            foreach ((Tensor logits, AuxiliaryOutput output) in outputs.Auxiliary.Zip(plan.Graph.Auxiliary))
            {
                Tensor share = backend.CrossEntropy(logits, labels, options.LabelSmoothing);
                loss = backend.Add(loss, backend.Affine(share, output.Weight, shift: 0));
            }

            return loss;
        }

        void RequireFinite(double? loss)
        {
            if (loss is { } value && !double.IsFinite(value))
            {
                whole = false;
                throw Errors.LossNotFinite(value, position.Epoch + 1, position.Step + 1, saved ? files.CheckpointPath : null);
            }
        }

        void Save()
        {
            if (files.CheckpointPath is { } path)
            {
                TrainingCheckpoint.Save(path, model, dataset, options with { Threads = threads }, position, optimizer, dropout);
                saved = true;
            }

            savedStep = position.Step;
        }
    }

    /// <summary>A batch norm learns nothing from a single value in each channel: its variance would be no number.</summary>
    private void RequireVariance(int images)
    {
        bool single = options.BatchSize == 1 || images == 1 || images % options.BatchSize == 1;
        Node? norm = model.Graph.FindSingleValueNorm(
            model.Graph.TrainingNodes.Where(n => !model.Weights.HasFrozenStatistics(n)));
        if (single && norm is not null)
        {
            throw Errors.BatchOfOne(norm.Name, options.BatchSize, images);
        }
    }

    /// <summary>The images that are trained on, and those that are held out of them for validation.</summary>
    public static (ImageSet Train, ImageSet? Validation) SplitTraining(Dataset dataset, TrainingOptions options)
    {
        if (options.ValidationSplit == 0)
        {
            return (dataset.Train, null);
        }

        (int[] training, int[] validation) = StratifiedSplit.Split(dataset.Train, options.ValidationSplit, options.Seed);
        return (dataset.Train.Select(training), dataset.Train.Select(validation));
    }

    private static long[] Permutation(int count, RandomStream order)
    {
        long[] permutation = new long[count];
        for (int i = 0; i < count; i++)
        {
            permutation[i] = i;
        }

        order.Shuffle<long>(permutation);
        return permutation;
    }

    private Evaluation? Evaluate(DeviceSplit split, string name, CancellationToken stop)
    {
        try
        {
            return Evaluator.Evaluate(model, split, dataset.Name, name, dataset.ClassNames, stop: stop);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private StepRecord StepFigures(TrainingPosition position, double learningRate)
    {
        StepRecord record = new()
        {
            Run = options.Run,
            Model = model.Name,
            Dataset = dataset.Name,
            Epoch = position.Epoch + 1,
            Batch = position.Batch,
            Step = position.Step,
            LearningRate = learningRate,
            Loss = position.LogLossSum / position.LogBatches,
        };
        (position.LogLossSum, position.LogBatches) = (0, 0);
        return record;
    }

    private TrainingProgress Progress(TrainingPosition position, int batches, Stopwatch clock, int earlierSeen)
    {
        double rate = (position.Seen - earlierSeen) / clock.Elapsed.TotalSeconds;
        double stepsLeft = ((double)(options.Epochs - position.Epoch) * batches) - position.Batch;
        return new(position.Epoch + 1, options.Epochs, position.Batch, batches, position.LossSum / position.Seen, rate,
            rate > 0 ? TimeSpan.FromSeconds(stepsLeft * options.BatchSize / rate) : null);
    }
}
