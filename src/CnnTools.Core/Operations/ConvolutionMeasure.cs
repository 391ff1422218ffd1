using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Operations;

/// <summary>What layers would cost and give: nothing is computed.</summary>
/// <param name="Kind">Standard, Grouped, Depthwise, DepthwiseSeparable, FullyConnected, Definition.</param>
/// <param name="InputShape">Of one sample.</param>
/// <param name="Parameters">Trained values.</param>
/// <param name="MultiplyAdds">Multiplications paired with an addition, for one sample.</param>
/// <param name="ReceptiveField">Rows and columns of the image that one value of the output depends on.</param>
public sealed record ConvolutionMeasure(
    string Kind, Shape InputShape, Shape OutputShape, long Parameters, long MultiplyAdds, Pair ReceptiveField)
{
    /// <summary>One convolution, or several of the same one after the other.</summary>
    /// <param name="layer">Without padding.</param>
    /// <exception cref="CnnException">They cannot take the input.</exception>
    public static ConvolutionMeasure OfConvolution(Shape input, Conv2d layer, Padding padding, int repeat = 1)
    {
        GraphBuilder network = new(input);
        for (int i = 0; i < repeat; i++)
        {
            network.ThenConvolution($"conv{i + 1}", layer, padding);
        }

        string kind = layer.Groups == 1 ? "Standard" : layer.Groups == input.Channels ? "Depthwise" : "Grouped";
        return Of(kind, network.Build());
    }

    /// <summary>A filter for each channel, then 1x1 convolutions over all of them (seed 003, section 3.4).</summary>
    /// <param name="layer">What it stands for, without padding and groups.</param>
    /// <exception cref="CnnException">They cannot take the input.</exception>
    public static ConvolutionMeasure OfSeparable(Shape input, Conv2d layer, Padding padding, int repeat = 1)
    {
        GraphBuilder network = new(input);
        for (int i = 0; i < repeat; i++)
        {
            int channels = network.LastShape.Channels;
            network
                .ThenConvolution($"depthwise{i + 1}", layer with { OutChannels = channels, Groups = channels }, padding)
                .Then($"pointwise{i + 1}", new Conv2d(layer.OutChannels, 1) { Bias = layer.Bias });
        }

        return Of("DepthwiseSeparable", network.Build());
    }

    /// <summary>Every value of the input connected with every output.</summary>
    /// <exception cref="CnnException">There are too many of them.</exception>
    public static ConvolutionMeasure OfFullyConnected(Shape input, int outputs, bool bias) => Of(
        "FullyConnected", new GraphBuilder(input).Then("flatten", new Flatten()).Then("fc", new Linear(outputs) { Bias = bias }).Build());

    /// <summary>Any layers that take images.</summary>
    public static ConvolutionMeasure Of(string kind, Graph graph) => new(
        kind, graph.InputShape, graph.OutputShape, graph.Parameters, graph.MultiplyAdds,
        ReceptiveFields.Of(graph)[graph.Output].Size);
}
