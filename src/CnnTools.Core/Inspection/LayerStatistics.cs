using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Training;

namespace CnnTools.Inspection;

/// <summary>Looks at a batch's way through a network in evaluation, and at its gradients' way back.</summary>
public static class LayerStatistics
{
    /// <summary>A record for each of these layers, in the network's order.</summary>
    /// <param name="labels">A class for each sample; null where gradients are not asked for.</param>
    /// <param name="layers">Names of the network's layers.</param>
    /// <exception cref="CnnException">
    /// The network gives no logits or has not these classes, it is in use, or memory does not suffice.
    /// </exception>
    public static IReadOnlyList<LayerStatistic> Of(
        CnnModel model, NetworkInput input, IReadOnlyList<int>? labels, IReadOnlySet<string> layers)
    {
        Node[] nodes = [.. model.Graph.EvaluationNodes.Where(node => layers.Contains(node.Name))];
        RequireLabels(model, input, labels);
        MemoryEstimate.RequireFitBackwards(model, input.Samples);
        using GradientPass pass = new(model, input, layers);
        if (labels is not null)
        {
            Tensor indices = model.Backend.FromIndices([.. labels.Select(label => (long)label)], model.Device);
            pass.Backward(model.Backend.CrossEntropy(pass.Output, indices));
        }

        return [.. nodes.Select(Measure)];

        LayerStatistic Measure(Node node)
        {
            Shape shape = model.Graph.ShapeOf(node.Name);
            float[] values = Read(pass[node.Name]);
            (double mean, double deviation) = Moments(values);
            (double Mean, double Deviation)? gradient = labels is null ? null : Moments(Read(pass.GradientOf(node.Name)));
            return new()
            {
                Model = model.Name, Layer = node.Name, Type = node.Layer.Kind, OutputShape = shape, Samples = input.Samples,
                Mean = mean, Deviation = deviation, GradientMean = gradient?.Mean, GradientDeviation = gradient?.Deviation,
                DeadShare = node.Layer is Activate { Function: Activation.ReLU or Activation.ReLU6 } ? Dead(values, shape) : null,
            };
        }

        float[] Read(Tensor tensor)
        {
            float[] values = new float[tensor.Count];
            model.Backend.Read(tensor, values);
            return values;
        }
    }

    private static void RequireLabels(CnnModel model, NetworkInput input, IReadOnlyList<int>? labels)
    {
        if (labels is null)
        {
            return;
        }

        model.RequireLogits();

        if (labels.Count != input.Samples || labels.Any(label => label < 0 || label >= model.Classes))
        {
            throw Errors.InvalidArgument("Label", string.Join(',', labels),
                $"{input.Samples} classes from 0 to {model.Classes - 1}, one for each sample");
        }
    }

    private static (double Mean, double Deviation) Moments(float[] values)
    {
        double mean = values.Average(value => (double)value);
        return (mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
    }

    /// <summary>The share of channels that are zeros alone, of (N, C, H, W) or (N, C).</summary>
    private static double Dead(float[] values, Shape shape)
    {
        int area = (int)(shape.Count / shape.Channels);
        bool[] alive = new bool[shape.Channels];
        for (int i = 0; i < values.Length; i++)
        {
            alive[i / area % shape.Channels] |= values[i] != 0;
        }

        return (double)alive.Count(channel => !channel) / alive.Length;
    }
}
