using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Operations;
using CnnTools.Training;

namespace CnnTools.Inspection;

/// <summary>What the layers of a network give for an input, in evaluation.</summary>
public static class LayerOutputs
{
    /// <summary>The outputs of these layers, in the network's order; others are not held.</summary>
    /// <param name="layers">Names of the network's layers.</param>
    /// <exception cref="CnnException">The model is in use, or memory does not suffice.</exception>
    public static IReadOnlyList<FeatureMap> Of(CnnModel model, NetworkInput input, IReadOnlySet<string> layers)
    {
        MemoryEstimate.RequireFit(model.Backend, model.Graph, input.Samples, model.Device);
        using IDisposable lease = model.Use("looking into its layers");
        using IDisposable threads = ThreadCount.UseCurrentOr(
            model.Backend, ThreadCount.ByRule(model.Graph, input.Samples, model.Device));
        using ITensorScope scope = model.Backend.BeginScope(recordGradients: false);
        List<FeatureMap> maps = [];

        // The network as it stands: what is rewritten for speed lacks some of its layers.
        new GraphExecutor(model.Backend, model.Graph, model.Weights)
            .ForwardAll(input.ToTensor(model.Backend, model.Device), PassMode.Evaluation, Take);
        return maps;

        void Take(Node node, Tensor output)
        {
            if (layers.Contains(node.Name))
            {
                float[] values = new float[output.Count];
                model.Backend.Read(output, values);
                Shape shape = model.Graph.ShapeOf(node.Name);
                maps.Add(new(FeatureMap.SizesOf(input.Samples, shape, input.IsBatch), values, rowsOfFeatures: input.IsBatch)
                {
                    Label = node.Name, Model = model.Name, Layer = node.Name, Source = input.Source,
                });
            }
        }
    }

    /// <summary>The filters of convolutions among these layers: (filters, planes, height, width).</summary>
    /// <param name="layers">Names of the network's layers; those that are no convolutions are passed over.</param>
    /// <exception cref="CnnException">The model is in use.</exception>
    public static IReadOnlyList<FeatureMap> FiltersOf(CnnModel model, IReadOnlySet<string> layers)
    {
        using IDisposable lease = model.Use("looking at its filters");
        return [.. model.Graph.Nodes.Where(node => node.Layer is Conv2d && layers.Contains(node.Name)).Select(Filters)];

        FeatureMap Filters(Node node)
        {
            Tensor weight = model.Weights[$"{node.WeightsOf}.weight"];
            float[] values = new float[weight.Count];
            model.Backend.Read(weight, values);
            return new(new([.. weight.Sizes.Select(size => (int)size)]), values)
            {
                Label = $"{node.WeightsOf}.weight", Model = model.Name, Layer = node.Name,
            };
        }
    }
}
