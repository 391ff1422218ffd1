using System.Collections.Immutable;
using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Training;

namespace CnnTools.Operations;

/// <summary>A convolution of numbers with given filters: a cross-correlation unless it flips them.</summary>
public sealed record Convolution(FilterBank Filters)
{
    private const string LayerName = "convolution";
    private const string PaddingName = "padding";

    public Pair Stride { get; init; } = 1;

    public Padding Padding { get; init; }

    public PaddingMode PaddingMode { get; init; }

    /// <summary>What is added in <see cref="PaddingMode.Constant"/>.</summary>
    public float PaddingValue { get; init; }

    public Pair Dilation { get; init; } = 1;

    public int Groups { get; init; } = 1;

    /// <summary>A number for each plane of the output; empty where nothing is added.</summary>
    public ImmutableArray<float> Bias { get; init; } = [];

    /// <summary>Whether it is a true convolution, as scipy's convolve2d.</summary>
    public bool Flip { get; init; }

    /// <summary>Whether each channel is filtered for itself; else the channels are summed.</summary>
    public bool PerChannel { get; init; }

    /// <summary>Whether sums are divided by how many products they have.</summary>
    public bool Mean { get; init; }

    /// <summary>Multiplications after which it can be stopped; a larger one is done in strips of rows.</summary>
    internal double MostAtOnce { get; init; } = 1e9;

    /// <exception cref="CnnException">The data are no image, or filters and numbers do not fit it.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public FeatureMap Apply(IBackend backend, FeatureMap input, CancellationToken stop = default)
    {
        stop.ThrowIfCancellationRequested();
        Shape image = input.GetImageShape();
        (FilterBank filters, int groups) = FiltersFor(image.Channels);
        if (!Bias.IsEmpty && Bias.Length != filters.Filters)
        {
            throw Errors.InvalidArgument(nameof(Bias), string.Join(',', Bias), $"as many numbers as filters: {filters.Filters}");
        }

        GraphBuilder network = new(image);
        network.ThenConvolution(LayerName, new Conv2d(filters.Filters, filters.Size)
        {
            Stride = Stride,
            Dilation = Dilation,
            Groups = groups,
            Bias = false,
        }, Padding, PaddingMode, PaddingValue);
        Graph graph = network.Build();
        int rows = graph.OutputShape.Height;
        double share = MostAtOnce / ((double)graph.MultiplyAdds * input.Samples);
        if (share < 1 && rows > 1)
        {
            MemoryEstimate.RequireFit(backend, graph, input.Samples, Device.Cpu);
            return InStrips(backend, input, graph.OutputShape, Math.Max(1, (int)(rows * share)), stop);
        }

        int area = rows * graph.OutputShape.Width;
        LayerPass pass = new(graph)
        {
            Weights = new Dictionary<string, FeatureMap> { [$"{LayerName}.weight"] = filters.ToWeight() },
            Label = Label,
            Finish = sums => Finish(sums, filters, area),
        };
        return pass.Run(backend, input);
    }

    /// <param name="height">Rows of the output in one strip.</param>
    private FeatureMap InStrips(IBackend backend, FeatureMap input, Shape output, int height, CancellationToken stop)
    {
        Graph padding = new GraphBuilder(input.GetImageShape()).Then(PaddingName, new Pad2d(Padding) { Mode = PaddingMode, Value = PaddingValue }).Build();
        FeatureMap padded = Padding.IsNone ? input : new LayerPass(padding).Run(backend, input);
        Convolution bare = this with { Padding = 0, PaddingMode = PaddingMode.Zeros };
        float[] values = new float[input.Samples * output.Count];
        FeatureMap strip = padded;
        for (int top = 0; top < output.Height; top += height)
        {
            int rows = Math.Min(height, output.Height - top);
            int seen = ((rows - 1) * Stride.Vertical) + (Dilation.Vertical * (Filters.Size.Vertical - 1)) + 1;
            strip = bare.Apply(backend, padded.TakeRows(top * Stride.Vertical, seen), stop);
            strip.CopyRows(values, output.Height, top);
        }

        return new(FeatureMap.SizesOf(input.Samples, output, input.IsBatch), values)
        {
            Label = Label, Source = input.Source, Weights = strip.Weights,
        };
    }

    private string Label => Filters.Label.Length > 0 ? Filters.Label : Mean ? "Mean convolution" : "Convolution";

    private (FilterBank Filters, int Groups) FiltersFor(int channels)
    {
        if (Groups < 1 || channels % Groups != 0)
        {
            throw Errors.InvalidArgument(nameof(Groups), Groups, $"a divisor of the {channels} channels");
        }

        if (PerChannel && Groups != 1)
        {
            throw Errors.IncompatibleArguments(
                "-PerChannel is a group for each channel, and -Groups says another number.", "Leave one of them out.");
        }

        FilterBank filters = Flip ? Filters.Flip() : Filters;
        return PerChannel ? (filters.ForEach(channels), channels) : (filters.Over(channels / Groups), Groups);
    }

    /// <summary>Division and bias. A quotient is rounded once only here: 9 / 9 is 1.</summary>
    private void Finish(float[] values, FilterBank filters, int area)
    {
        float divisor = Mean ? (float)filters.Planes * filters.Size.Vertical * filters.Size.Horizontal : 1;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (values[i] / divisor) + (Bias.IsEmpty ? 0 : Bias[i / area % filters.Filters]);
        }
    }
}
