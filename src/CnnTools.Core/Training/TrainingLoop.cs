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
    TrainingCheckpoint? resumeFrom = null, Action<TrainingProgress>? onStep = null) : ITraining
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
        Graph trainedGraph = options.StochasticDepth == 0 ? model.Graph : ResidualBranches.WithStochasticDepth(
            model.Graph, model.Name, options.StochasticDepth, options.UniformStochasticDepth);
        AugmentationPlan? augmentation = AugmentationPlan.Parse(options.Augmentation, dataset.ImageShape, options.Seed);
        MemoryEstimate.OfTraining(model, dataset, options).RequireFit("Training", model, options.Device);
        IBackend backend = model.Backend;
        Device device = options.Device;
        int threads = options.Threads ?? ThreadCount.ByRule(model.Graph, options.BatchSize, device);
        using IDisposable lease = model.Use("training");
        using IDisposable threadLease = ThreadCount.Use(backend, threads);
        using IDisposable? numericLease = Numerics.Use(backend, options);
        if (files.BestPath is { } best && resumeFrom is null && !files.ReplaceCheckpoint)
        {
            BestCheckpoints.RequireAbsent(best, options.KeepBest);
        }

        using TrainingLog log = TrainingLog.Open(files, options.LogEvery > 0, resumeFrom);
        HasFiles = true;
        if (files.BestPath is { } earlier && resumeFrom is null && options.KeepBest > 0)
        {
            BestCheckpoints.Remove(earlier);
        }

        // 2. The data move to the device, whole, as bytes; or what is streamed is decoded batch by batch ahead of the steps.
        using IBatchSource train = Open(trainImages);
        using IBatchSource? validation = validationImages is null ? null : Open(Shortened(validationImages));
        using IBatchSource? test = options.TestEvery == 0 ? null : Open(Shortened(dataset.Test));

        // 3. So does the model. Each random choice has a generator of its own, made from the seed.
        model.MoveTo(device);
        ExecutionPlan plan = ExecutionPlan.For(trainedGraph, backend, device, options.Precision);
        GraphExecutor executor = new(backend, plan.Graph, model.Weights, plan.Mixed);
        using Optimizer optimizer = Optimizer.Create(backend, model.Weights, options);
        backend.ClearGradients(model.Weights.Parameters);
        using WeightAverage? average = options.EmaDecay is { } decay ? new(backend, model, decay) : null;
        using IGenerator dropout = backend.CreateGenerator(device, new RandomStream(options.Seed, "dropout").NextUInt64());
        RandomStream order = new(options.Seed, "order");
        RandomStream mixed = new(options.Seed, "mixing");
        Mixing? mixing = options.Mixup > 0 || options.CutMix > 0 ? new(backend, options, mixed) : null;
        using Tensor? classWeights = ClassWeights.Of(options, trainImages, model.Classes) is { } weights
            ? backend.FromFloats(weights, [weights.Length], device)
            : null;
        TrainingPosition position = new() { Order = TrainingPosition.StateOf(order) };
        if (resumeFrom is not null)
        {
            position = resumeFrom.Restore(backend, dataset, device, optimizer, dropout, average);
            TrainingPosition.Restore(order, position.Order);
            if (position.Mixing is { } state)
            {
                TrainingPosition.Restore(mixed, state);
            }

            ArrangeBest();
        }

        int batchSize = options.BatchSize * options.AccumulateBatches;
        int perEpoch = options.Overfit == 0 ? train.Count : (int)Math.Min(train.Count, (long)options.Overfit * batchSize);
        int batches = ((perEpoch - 1) / batchSize) + 1;
        Schedule schedule = new(options, batches);
        PassMode training = new(Training: true, dropout);
        long savedStep = position.Step;
        bool saved = resumeFrom is not null;
        bool whole = true;
        bool ended = position.Step >= options.MaxSteps;
        ImmutableList<double> losses = [];
        if (files.SavesStart && !saved)
        {
            Save();
        }

        Stopwatch running = Stopwatch.StartNew();

        try
        {
            while (position.Epoch < options.Epochs && !ended)
            {
                Stopwatch clock = Stopwatch.StartNew();
                double earlierSeconds = position.Seconds;
                int earlierSeen = position.Seen;
                long[] permutation = (options.Overfit == 0 ? order : new(options.Seed, "order")).Permutation(train.Count);

                // 4. Step by step. Within one the state is of two steps, and nothing is saved.
                foreach (Batch batch in train.Read(permutation.AsMemory(0, perEpoch), batchSize, position.Batch, stop))
                {
                    whole = false;
                    (float loss, int correct) = Step(batch);
                    position.Count(loss, correct, batch.Count);
                    position.Seconds = earlierSeconds + clock.Elapsed.TotalSeconds;
                    whole = true;
                    ended = position.Step >= options.MaxSteps || running.Elapsed.TotalMinutes >= options.MaxMinutes;

                    StepRecord? step = null;
                    if (options.LogEvery > 0 && position.Batch % options.LogEvery == 0)
                    {
                        step = StepFigures(position, LastPace().LearningRate);
                        log.Write(step);
                    }

                    onStep?.Invoke(Progress(position, batches, clock, earlierSeen) with { Decoding = train.Decoding });
                    if (step is not null)
                    {
                        yield return step;
                    }

                    if (ended)
                    {
                        break;
                    }
                }

                if (position.Batch < batches && !ended)
                {
                    // Stopped within the epoch.
                    yield break;
                }

                // 5. The epoch's figures: running ones for training, then validation and test in evaluation mode.
                double trainSeconds = position.Seconds;
                average?.RecalibrateBatchNorms(train, permutation.AsMemory(0, perEpoch), options.BatchSize, stop);
                Evaluation? validated = validation is null ? null : Evaluate(validation, "Validation", average?.Weights, stop);
                Evaluation? tested = test is not null && (position.Epoch + 1) % options.TestEvery == 0
                    ? Evaluate(test, "Test", average?.Weights, stop)
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
                    LearningRate = LastPace().LearningRate,
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
                    Precision = options.Precision.ToString().ToLowerInvariant(),
                    SelectedOn = options.SelectedOn,
                    Checkpoint = files.CheckpointPath,
                    Losses = losses,
                    TestImages = dataset.Test.Count,
                };

                // 6. Log, then checkpoint, then tell: nothing is told that is not on the disk, and a process that is
                // killed in between loses no row (resuming drops what the checkpoint does not know and writes it again).
                log.Write(record);
                log.Flush();
                position.Plateau = schedule.Observe(position.Epoch, validated, tested, position.Plateau);
                Select(validated, tested);
                if (position.Batch == batches)
                {
                    position.EndEpoch(order);
                }

                Save();
                ArrangeBest();
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

            average?.Leave();
        }

        // One step: the gradients of its batches add up, each with its share of the images, then the weights move.
        (float Loss, int Correct) Step(Batch images)
        {
            (float loss, int correct) = (0, 0);
            for (int start = 0; start < images.Count; start += options.BatchSize)
            {
                Batch batch = images.Slice(start, Math.Min(options.BatchSize, images.Count - start));
                (float batchLoss, int batchCorrect) = Differentiate(
                    batch, (position.Batch * options.AccumulateBatches) + (start / options.BatchSize), (double)batch.Count / images.Count);
                loss += batchLoss;
                correct += batchCorrect;
            }

            GradientClipping.Apply(backend, model.Weights.Parameters, options);
            optimizer.Step(schedule.At(position.Epoch, position.Step, position.Plateau));
            average?.Update(position.Step + 1);
            position.Mixing = mixing is null ? null : TrainingPosition.StateOf(mixed);
            (model.Normalization, model.TrainedData, model.ClassNames) = (normalization, dataset.Request, dataset.ClassNames);
            return (loss, correct);
        }

        // One batch, the epoch's so many-th from 0: gather, forward, loss, backward.
        (float Loss, int Correct) Differentiate(Batch batch, int number, double share)
        {
            using (backend.BeginScope(recordGradients: true))
            {
                (Tensor images, Tensor labels) = train.Load(batch, plan.Layout, augmentation?.For(position.Epoch, number));
                Mix? mix = mixing?.Draw(batch.Count, model.InputShape);
                Outputs outputs = executor.ForwardAll(mix is null ? images : mixing!.Apply(images, mix), training);
                Tensor loss = Loss(outputs, labels);
                if (mix is not null)
                {
                    loss = mixing!.Blend(loss, Loss(outputs, backend.SelectRows(labels, mix.Partners)), mix.Share);
                }

                loss = share == 1 ? loss : backend.Affine(loss, share, shift: 0);
                float value = backend.ReadScalar(loss);
                RequireFinite(value);
                backend.Backward(loss);
                return (value, backend.CountCorrect(outputs.Main, labels));
            }
        }

        IBatchSource Open(ImageSet images) => IBatchSource.Open(backend, images, normalization, device);

        // Cross entropy, and that of each auxiliary output with its weight.
        Tensor Loss(Outputs outputs, Tensor labels)
        {
            Tensor loss = backend.CrossEntropy(outputs.Main, labels, options.LabelSmoothing, classWeights);
            foreach ((Tensor logits, AuxiliaryOutput output) in outputs.Auxiliary.Zip(plan.Graph.Auxiliary))
            {
                Tensor share = backend.CrossEntropy(logits, labels, options.LabelSmoothing, classWeights);
                loss = backend.Add(loss, backend.Affine(share, output.Weight, shift: 0));
            }

            return loss;
        }

        // Whether the training goes on, and whether the epoch is one of the best; the figure may be missing.
        void Select(Evaluation? validated, Evaluation? tested)
        {
            if (options.SelectedOn is not null && options.MonitorInUse is { } monitor && monitor.Of(validated, tested) is { } figure)
            {
                position.Selection = (position.Selection ?? new()).After(figure, position.Step, monitor.IsAccuracy(), options.KeepBest);
                ended |= position.Selection.BadEpochs >= options.EarlyStopPatience
                    || (monitor.IsOfTest() ? tested : validated)!.Accuracy >= options.TargetAccuracy;
            }
        }

        void ArrangeBest()
        {
            if (files is { CheckpointPath: { } last, BestPath: { } best })
            {
                BestCheckpoints.Arrange(best, last, position.Step, position.Selection?.Kept ?? []);
            }
        }

        Pace LastPace() => schedule.At(position.Epoch, position.Step - 1, position.Plateau);

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
                try
                {
                    TrainingCheckpoint.Save(path, model, dataset, normalization, Pinned(threads), position, optimizer, dropout, average);
                    saved = true;
                }
                catch (CnnException exception) when (exception.Id == "FolderNotFound")
                {
                    throw Errors.FolderGone(path, exception);
                }
            }

            savedStep = position.Step;
        }
    }

    private ImageSet Shortened(ImageSet images) => options.EvaluationImages == 0 || options.EvaluationImages >= images.Count
        ? images
        : images.Select([.. Enumerable.Range(0, options.EvaluationImages)]);

    /// <summary>The options to go on with: the same threads, and the same schedule however many epochs are added.</summary>
    private TrainingOptions Pinned(int threads) => options with
    {
        Threads = threads,
        Schedule = options.Schedule with { Epochs = options.Schedule.Epochs ?? options.Epochs },
    };

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

    private Evaluation? Evaluate(IBatchSource split, string name, ModelWeights? weights, CancellationToken stop)
    {
        try
        {
            return Evaluator.Evaluate(model, split, dataset.Name, name, dataset.ClassNames, stop: stop, weights: weights);
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
            rate > 0 ? TimeSpan.FromSeconds(stepsLeft * options.BatchSize * options.AccumulateBatches / rate) : null);
    }
}
