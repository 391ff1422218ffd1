using CnnTools.Backends;
using CnnTools.Graphs.Layers;

namespace CnnTools.Graphs;

/// <summary>How a network is run on a backend: rewritten, and with images in the layout that suits it.</summary>
/// <param name="Graph">Computes the same as the model's; for hooks on inner nodes take the model's own.</param>
/// <param name="Layout">How image batches are to be gathered; what follows from them keeps it.</param>
/// <param name="Mixed">Whether convolutions and linear layers compute in bfloat16.</param>
public sealed record ExecutionPlan(Graph Graph, MemoryLayout Layout, bool Mixed)
{
    public static ExecutionPlan For(Graph graph, IBackend backend, Device device, Precision precision = Precision.Float32)
    {
        bool mixed = precision == Precision.BFloat16;
        bool channelsLast = Can(BackendCapabilities.ChannelsLast) && graph.Nodes.Any(n => n.Layer is Conv2d);
        Graph rewritten = Rewrites.ReluBehindMaxPooling(graph);
        if (device.Type == DeviceType.Cpu && !mixed && Can(BackendCapabilities.FusedConvolutionPooling))
        {
            rewritten = Rewrites.FuseConvolutionPooling(rewritten);
        }

        return new(rewritten, channelsLast ? MemoryLayout.ChannelsLast : MemoryLayout.Contiguous, mixed);

        bool Can(BackendCapabilities capability) => backend.Info.Capabilities.HasFlag(capability);
    }
}
