using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Graphs;

namespace CnnTools.Training;

/// <summary>
/// The bytes that a training or an evaluation will take on its device, told before any is taken. Estimates are doubles:
/// whatever the sizes, they do not overflow.
/// </summary>
public sealed record MemoryEstimate
{
    /// <summary>The splits, which live on the device whole; of a streamed one, the batches that are decoded.</summary>
    public double Data { get; private init; }

    /// <summary>The weights; 0 where they are on the device already.</summary>
    public double Weights { get; private init; }

    /// <summary>One value for each trained one; 0 in evaluation.</summary>
    public double Gradients { get; private init; }

    /// <summary>What the update rule keeps for each trained value; 0 in evaluation.</summary>
    public double OptimizerState { get; private init; }

    /// <summary>
    /// What one image of a batch takes: in training all that is kept for the backward pass and the gradients that pass
    /// through, in evaluation one layer's input and output.
    /// </summary>
    public double Image { get; private init; }

    /// <summary>Images of one batch: no more than there are.</summary>
    public int BatchSize { get; private init; }

    /// <summary>The batch of a training's own evaluations, which run when its steps' memory is free again.</summary>
    public double EvaluationBatch { get; private init; }

    public double Total => Lasting + Math.Max(BatchSize * Image, EvaluationBatch);

    /// <summary>What does not depend on the batch size.</summary>
    private double Lasting => Data + Weights + Gradients + OptimizerState;

    public static MemoryEstimate OfTraining(CnnModel model, Dataset dataset, TrainingOptions options)
    {
        ImageSet[] splits = options.TestEvery == 0 ? [dataset.Train] : [dataset.Train, dataset.Test];
        return OfTraining(
            model, options, splits.Sum(split => OnDevice(split, split == dataset.Train ? options.BatchSize : Evaluator.DefaultBatchSize)), dataset.Train.Count,
            Math.Min(Evaluator.DefaultBatchSize, splits[^1].Count));
    }

    /// <summary>Of steps on one batch, which is all the data there are. Its evaluation takes less.</summary>
    public static MemoryEstimate OfSteps(CnnModel model, TrainingOptions options)
    {
        MemoryEstimate steps = OfTraining(model, options, data: 0, options.BatchSize, evaluationBatch: 0);
        return steps with { Image = steps.Image + OnDevice(1, model.InputShape) };
    }

    public static MemoryEstimate OfEvaluation(CnnModel model, ImageSet images, int batchSize, Device device) => new()
    {
        Data = OnDevice(images, batchSize),
        Weights = ToBeMoved(model, device),
        Image = new Pass(model, device).Evaluation,
        BatchSize = Math.Min(batchSize, images.Count),
    };

    /// <summary>Of one batch that comes from the host.</summary>
    public static MemoryEstimate OfBatch(CnnModel model, int images, Device device) => new()
    {
        Weights = ToBeMoved(model, device),
        Image = new Pass(model, device).Evaluation,
        BatchSize = images,
    };

    /// <param name="purpose">"Training", "Testing" or "Predicting with".</param>
    /// <exception cref="CnnException">It is more than the device has free.</exception>
    public void RequireFit(string purpose, CnnModel model, Device device)
    {
        double free = FreeMemory(model.Backend, device);
        if (Total > free)
        {
            double largest = Lasting + EvaluationBatch > free ? 0 : Math.Floor((free - Lasting) / Image);
            throw Errors.NotEnoughMemory(purpose, model.Name, device, BatchSize, Total, free, largest);
        }
    }

    /// <summary>The same for one pass of samples through layers with weights of their own, before any is made.</summary>
    /// <exception cref="CnnException">They take more than the device has free.</exception>
    public static void RequireFit(IBackend backend, Graph graph, int samples, Device device)
    {
        double bytes = WeightsOf(graph) + (samples * ActivationMemory.MostAlive(graph, graph.EvaluationNodes));
        double free = FreeMemory(backend, device);
        if (bytes > free)
        {
            throw Errors.OperationTooLarge(device, bytes, free);
        }
    }

    /// <summary>The same for a pass there and back whose every output and gradient is kept to be looked at.</summary>
    /// <exception cref="CnnException">They take more than the device has free.</exception>
    public static void RequireFitBackwards(CnnModel model, int samples)
    {
        double sample = (2 * ActivationMemory.Kept(model.Graph)) + ActivationMemory.MostAlive(model.Graph, model.Graph.EvaluationNodes);
        double bytes = ((double)model.TrainableParameters * sizeof(float)) + (samples * sample);
        double free = FreeMemory(model.Backend, model.Device);
        if (bytes > free)
        {
            throw Errors.OperationTooLarge(model.Device, bytes, free);
        }
    }

    /// <summary>The same for fresh weights, before they are drawn.</summary>
    /// <exception cref="CnnException">They are more than the device has free.</exception>
    public static void RequireFit(IBackend backend, Graph graph, string architecture, Device device)
    {
        double bytes = WeightsOf(graph);
        double free = FreeMemory(backend, device);
        if (bytes > free)
        {
            throw Errors.WeightsTooLarge(architecture, device, bytes, free);
        }
    }

    private static MemoryEstimate OfTraining(
        CnnModel model, TrainingOptions options, double data, int images, int evaluationBatch)
    {
        Pass pass = new(model, options.Device, options.Precision);
        double gradients = (double)model.TrainableParameters * sizeof(float);
        return new()
        {
            Data = data,
            Weights = ToBeMoved(model, options.Device) + (options.EmaDecay is null ? 0 : WeightsOf(model.Graph)),
            Gradients = gradients,
            OptimizerState = gradients * StatesOf(options),
            Image = pass.Training,
            BatchSize = Math.Min(options.BatchSize, images),
            EvaluationBatch = pass.Evaluation * evaluationBatch,
        };
    }

    private static double OnDevice(ImageSet images, int batchSize) => OnDevice(
        (int)Math.Min(images.IsStreamed ? (long)StreamedSplit.BatchesHeld * batchSize : images.Count, images.Count), images.ImageShape);

    /// <summary>uint8 pixels and int64 labels.</summary>
    private static double OnDevice(int images, Shape shape) => images * (shape.Count + (double)sizeof(long));

    private static double ToBeMoved(CnnModel model, Device device) => model.Device == device ? 0 : WeightsOf(model.Graph);

    private static double WeightsOf(Graph graph) => graph.Weights.Sum(w => (double)w.Spec.Count) * sizeof(float);

    /// <summary>State tensors for each parameter, as <see cref="Optimizer"/> makes them.</summary>
    private static int StatesOf(TrainingOptions options) => options.Optimizer switch
    {
        OptimizerKind.SGD => options.HasMomentum ? 1 : 0,
        OptimizerKind.RMSprop => options.HasMomentum ? 2 : 1,
        _ => 2,
    };

    /// <summary>Infinite where the backend does not know.</summary>
    private static double FreeMemory(IBackend backend, Device device) =>
        backend.GetDevices().FirstOrDefault(d => d.Device == device)?.FreeMemory is > 0 and long free
            ? free
            : double.PositiveInfinity;

    /// <summary>The bytes of one image's way through the network as it is run.</summary>
    private sealed class Pass
    {
        public Pass(CnnModel model, Device device, Precision precision = Precision.Float32)
        {
            Graph graph = ExecutionPlan.For(model.Graph, model.Backend, device).Graph;
            ExecutionPlan training = ExecutionPlan.For(model.Graph, model.Backend, device, precision);
            double input = (double)graph.InputShape.Count * sizeof(float);

            // Backwards the gradients of nodes wait for a reader as forwards their outputs do. bfloat16 takes half.
            Training = (training.Mixed ? 0.5 : 1)
                * (ActivationMemory.Kept(training.Graph) + ActivationMemory.MostAlive(training.Graph, training.Graph.TrainingNodes));
            Evaluation = input + ActivationMemory.MostAlive(graph, graph.EvaluationNodes);
        }

        public double Training { get; }

        public double Evaluation { get; }
    }
}
