using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Training;

namespace CnnTools.Inspection;

/// <summary>
/// Gradient-weighted class activation mapping (Selvaraju et al. 2017, arXiv:1610.02391): the channels of a layer, each
/// weighted by the mean of the class logit's gradient over it, summed, and what is negative cut off. Scaled to the picture
/// bilinearly, as F.interpolate does without align_corners.
/// </summary>
/// <param name="Layer">The layer; null for the last convolution whose output is more than one pixel.</param>
/// <param name="Class">The class; null for the one that is predicted.</param>
public sealed record GradCam(string? Layer = null, int? Class = null)
{
    /// <summary>A map for each sample.</summary>
    /// <exception cref="CnnException">
    /// The network has no logits, no such class, or the layer is not on the way to its output or has no rows and columns; the
    /// model is in use, or memory does not suffice.
    /// </exception>
    public IReadOnlyList<ActivationMap> Of(CnnModel model, NetworkInput input)
    {
        string layer = Find(model.Name, model.Graph);
        model.RequireLogits();

        if (Class < 0 || Class >= model.Classes)
        {
            throw Errors.InvalidArgument(nameof(Class), Class, $"from 0 to {model.Classes - 1}, a class of '{model.Name}'");
        }

        MemoryEstimate.RequireFitBackwards(model, input.Samples);
        using GradientPass pass = new(model, input, new HashSet<string>(StringComparer.Ordinal) { layer });
        float[] probabilities = Values(model.Backend, model.Backend.Softmax(pass.Output, dimension: 1));
        int[] classes = [.. probabilities.Chunk(model.Classes).Select(row => Class ?? row.IndexOf(row.Max()))];
        pass.Backward(SumOfLogits(model.Backend, pass.Output, classes));
        Shape shape = model.Graph.ShapeOf(layer);
        float[][] outputs = [.. Values(model.Backend, pass[layer]).Chunk((int)shape.Count)];
        float[][] gradients = [.. Values(model.Backend, pass.GradientOf(layer)).Chunk((int)shape.Count)];
        return [.. classes.Select((label, sample) =>
        {
            Images.CnnImage picture = input.Draw(sample);
            float[] map = Weigh(outputs[sample], gradients[sample], shape);
            return new ActivationMap(
                BilinearScaling.Apply(map, new(shape.Height, shape.Width), new(picture.Height, picture.Width)), picture)
            {
                Label = $"{layer}, class {label}", Model = model.Name, Layer = layer, Source = input.Source,
                Class = label, Probability = probabilities[(sample * model.Classes) + label],
            };
        })];
    }

    private string Find(string model, Graph graph)
    {
        if (Layer is null)
        {
            return graph.EvaluationNodes.LastOrDefault(node => node.Layer is Conv2d && HasPlaces(graph.ShapeOf(node.Name)))?.Name
                ?? throw Errors.NoPlaces(model, "no convolution that gives more than one pixel");
        }

        Node node = graph.EvaluationNodes.FirstOrDefault(n => n.Name.Equals(Layer, StringComparison.OrdinalIgnoreCase))
            ?? throw Errors.UnknownLayer(model, Layer, graph.EvaluationNodes.Select(n => n.Name));
        Shape shape = graph.ShapeOf(node.Name);
        return shape.Rank == 3 ? node.Name : throw Errors.NoPlaces(model, $"in '{node.Name}' {shape}, no rows and columns");
    }

    private static bool HasPlaces(Shape shape) => (long)shape.Height * shape.Width > 1;

    /// <summary>The gradient of their sum is for each sample that of its own.</summary>
    private static Tensor SumOfLogits(IBackend backend, Tensor logits, int[] classes)
    {
        int width = (int)logits.Sizes[1];
        float[] chosen = new float[logits.Count];
        foreach ((int sample, int label) in classes.Index())
        {
            chosen[(sample * width) + label] = 1;
        }

        long[] row = [1, chosen.Length];
        return backend.Linear(backend.Reshape(logits, row), backend.FromFloats(chosen, row, logits.Device), bias: null);
    }

    /// <summary>ReLU(Σ weight · channel), a plane.</summary>
    private static float[] Weigh(float[] output, float[] gradient, Shape shape)
    {
        int area = shape.Height * shape.Width;
        double[] sum = new double[area];
        for (int start = 0; start < output.Length; start += area)
        {
            double weight = 0;
            foreach (float value in gradient.AsSpan(start, area))
            {
                weight += value;
            }

            for (int i = 0; i < area; i++)
            {
                sum[i] += weight / area * output[start + i];
            }
        }

        return Array.ConvertAll(sum, value => (float)Math.Max(value, 0));
    }

    private static float[] Values(IBackend backend, Tensor tensor)
    {
        float[] values = new float[tensor.Count];
        backend.Read(tensor, values);
        return values;
    }
}
