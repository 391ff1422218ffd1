using System.Collections.Immutable;
using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Operations;

/// <summary>A convolution of numbers with given filters: a cross-correlation unless it flips them.</summary>
public sealed record Convolution(FilterBank Filters)
{
    private const string LayerName = "convolution";

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

    /// <exception cref="CnnException">The data are no image, or filters and numbers do not fit it.</exception>
    public FeatureMap Apply(IBackend backend, FeatureMap input)
    {
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
        int area = network.LastShape.Height * network.LastShape.Width;
        LayerPass pass = new(network.Build())
        {
            Weights = new Dictionary<string, FeatureMap> { [$"{LayerName}.weight"] = filters.ToWeight() },
            Label = Label,
            Finish = sums => Finish(sums, filters, area),
        };
        return pass.Run(backend, input);
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
