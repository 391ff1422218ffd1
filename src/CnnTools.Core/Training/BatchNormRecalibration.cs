using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Training;

/// <summary>
/// Running statistics of batch norms for weights that no batch has been trained with: the mean of the statistics of
/// batches that run through them, as torch.optim.swa_utils.update_bn computes it.
/// </summary>
/// <remarks>
/// They are to hold in evaluation. So the images are as evaluation has them, without augmentation and mixing; and dropout and
/// stochastic depth, which update_bn leaves on, are off: they would widen the variance (Li et al. 2019).
/// </remarks>
internal static class BatchNormRecalibration
{
    // With so many, more change nothing (Wu, Johnson 2021: 1,000 to 10,000).
    private const int MostImages = 10_000;

    /// <summary>Changes nothing but running statistics that are not frozen; where it is stopped they are those of fewer batches.</summary>
    /// <param name="order">Which images, in random order; the first ones are taken, in whole batches.</param>
    /// <exception cref="CnnException">An image's file is gone, broken, or another than when the split was opened.</exception>
    public static void Run(
        CnnModel model, ModelWeights weights, IBatchSource images, ReadOnlyMemory<long> order, int batchSize, CancellationToken stop)
    {
        if (!model.Graph.TrainingNodes.Any(node => node.Layer is BatchNorm2d && !weights.HasFrozenStatistics(node)))
        {
            return;
        }

        ExecutionPlan plan = ExecutionPlan.For(model.Graph, model.Backend, model.Device);
        GraphExecutor executor = new(model.Backend, plan.Graph, weights);
        long enough = ((MostImages - 1L) / batchSize + 1) * batchSize;
        int batches = 0;
        foreach (Batch batch in images.Read(order[..(int)Math.Min(order.Length, enough)], batchSize, first: 0, stop))
        {
            using ITensorScope scope = model.Backend.BeginScope(recordGradients: false);
            executor.ForwardAll(images.Load(batch, plan.Layout).Images, PassMode.Recalibration(++batches));
        }
    }
}
