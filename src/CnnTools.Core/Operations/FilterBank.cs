using CnnTools.Backends;

namespace CnnTools.Operations;

/// <summary>The filters of one convolution: (filters, planes, height, width).</summary>
public sealed class FilterBank
{
    private readonly float[] _values;

    private FilterBank(string label, float[] values, int filters, int planes, Pair size) =>
        (Label, _values, Filters, Planes, Size) = (label, values, filters, planes, size);

    /// <summary>The kernels' names, where they have some.</summary>
    public string Label { get; }

    public int Filters { get; }

    /// <summary>Planes of one filter.</summary>
    public int Planes { get; }

    /// <summary>Rows and columns of one plane.</summary>
    public Pair Size { get; }

    /// <summary>
    /// Filters from arrays of (width), (height, width), (planes, height, width), or one of (filters, planes, height, width).
    /// </summary>
    /// <exception cref="CnnException">There is none, or they are not all of one size.</exception>
    public static FilterBank Of(params IReadOnlyList<FeatureMap> kernels)
    {
        if (kernels.Count == 0)
        {
            throw Errors.DataNotUnderstood("Kernel", "it is empty");
        }

        Shape first = kernels[0].Shape;
        FeatureMap? other = kernels.FirstOrDefault(kernel => kernel.Shape != first);
        if (other is not null || (kernels.Count > 1 && first.Rank == FeatureMap.MostDimensions))
        {
            throw Errors.DataNotUnderstood("Kernel",
                $"one filter is {first}, another {other?.Shape ?? first}, and filters of one convolution have one size, with at most planes, height and width");
        }

        int[] sizes = [.. Enumerable.Repeat(1, FeatureMap.MostDimensions - first.Rank), .. first.Sizes];
        float[] values = [.. kernels.SelectMany(kernel => kernel.AsSpan().ToArray())];
        return new(
            string.Join(", ", kernels.Select(kernel => kernel.Label).Where(label => label.Length > 0)), values,
            kernels.Count * sizes[0], sizes[1], new(sizes[2], sizes[3]));
    }

    /// <summary>Each plane turned by half a circle: what makes a cross-correlation a convolution.</summary>
    public FilterBank Flip()
    {
        float[] values = [.. _values.Chunk(Size.Vertical * Size.Horizontal).SelectMany(plane => plane.Reverse())];
        return new(Label, values, Filters, Planes, Size);
    }

    /// <summary>With as many planes as a filter sees channels; a single plane is repeated.</summary>
    /// <exception cref="CnnException">It has another number of planes.</exception>
    internal FilterBank Over(int channels)
    {
        if (Planes == channels)
        {
            return this;
        }

        RequirePlanes(channels);
        float[] values = [.. _values.Chunk(Size.Vertical * Size.Horizontal)
            .SelectMany(plane => Enumerable.Repeat(plane, channels).SelectMany(copy => copy))];
        return new(Label, values, Filters, channels, Size);
    }

    /// <summary>Filters of one plane for a convolution in as many groups as channels: first those of the first channel.</summary>
    /// <exception cref="CnnException">It has neither one plane nor one for each channel.</exception>
    internal FilterBank ForEach(int channels)
    {
        RequirePlanes(channels);
        float[][] planes = [.. _values.Chunk(Size.Vertical * Size.Horizontal)];
        IEnumerable<float> values =
            from channel in Enumerable.Range(0, channels)
            from filter in Enumerable.Range(0, Filters)
            from value in planes[(filter * Planes) + (channel % Planes)]
            select value;
        return new(Label, [.. values], Filters * channels, 1, Size);
    }

    /// <summary>As a layer's weight.</summary>
    internal FeatureMap ToWeight() => new(new(Filters, Planes, Size.Vertical, Size.Horizontal), _values);

    private void RequirePlanes(int channels)
    {
        if (Planes != 1 && Planes != channels)
        {
            throw Errors.KernelDoesNotFit(Planes, channels);
        }
    }
}
