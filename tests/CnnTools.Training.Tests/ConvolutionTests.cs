using CnnTools.Backends;
using CnnTools.Images;
using CnnTools.Operations;

namespace CnnTools.Tests;

/// <summary>Convolutions of small whole numbers, whose sums are exact, against a loop that does what the words say.</summary>
public sealed class ConvolutionTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Values_are_those_of_a_direct_loop(int seed)
    {
        RandomStream random = new((ulong)seed, "convolution");
        int groups = Draw(1, 3);
        int planes = Draw(1, 3);
        Shape image = new(groups * planes, Draw(4, 9), Draw(4, 9));
        Shape kernel = new(groups * Draw(1, 3), planes, Draw(1, 3), Draw(1, 3));
        (FeatureMap data, FeatureMap weight) = (Numbers(image), Numbers(kernel));
        Convolution convolution = new(FilterBank.Of(weight))
        {
            Stride = new(Draw(1, 3), Draw(1, 3)),
            Dilation = kernel[2] < 3 ? new Pair(Draw(1, 2), 1) : 1,
            Padding = new(Draw(0, 3), Draw(0, 3), Draw(0, 3), Draw(0, 3)),
            PaddingMode = Enum.GetValues<PaddingMode>()[seed % 5],
            PaddingValue = 3,
            Groups = groups,
            Flip = Draw(0, 1) == 1,
            Bias = [.. Enumerable.Range(0, kernel[0])],
        };

        FeatureMap actual = convolution.Apply(Fixtures.Backend, data);

        FeatureMap inStrips = (convolution with { MostAtOnce = Draw(1, 2000) }).Apply(Fixtures.Backend, data);

        Assert.Equal(Direct(convolution, data, image, weight, kernel), actual.AsSpan().ToArray());
        Assert.Equal((actual.Shape, actual.Label), (inStrips.Shape, inStrips.Label));
        Assert.Equal(actual.AsSpan(), inStrips.AsSpan());

        int Draw(int least, int most) => least + random.NextInt32(most - least + 1);

        FeatureMap Numbers(Shape sizes) => new([.. Enumerable.Range(0, (int)sizes.Count).Select(_ => (float)Draw(-4, 4))], sizes);
    }

    [Fact]
    public void A_filter_for_each_channel_comes_first_for_the_first_channel()
    {
        FeatureMap data = new([1, 10, 100], new(3, 1, 1));
        FilterBank filters = FilterBank.Of(new FeatureMap([2, 3], new(2, 1, 1, 1)));

        FeatureMap map = new Convolution(filters) { PerChannel = true }.Apply(Fixtures.Backend, data);

        Assert.Equal([2, 3, 20, 30, 200, 300], map.AsSpan().ToArray());
    }

    [Fact]
    public void Weights_are_freed_with_the_pass()
    {
        FeatureMap data = new(new float[64], new(8, 8));
        Convolution convolution = new(FilterBank.Of(KernelGallery.Get("Blur").Matrix));
        convolution.Apply(Fixtures.Backend, data);
        long before = Fixtures.CountLiveHandles();

        convolution.Apply(Fixtures.Backend, data);

        Assert.Equal(before, Fixtures.Backend.LiveHandles);
    }

    [Fact]
    public void A_batch_in_strips_is_the_same()
    {
        FeatureMap batch = new([.. Enumerable.Range(0, 2 * 3 * 6 * 5).Select(i => (float)(i % 11))], new(2, 3, 6, 5));
        Convolution convolution = new(FilterBank.Of(KernelGallery.Get("SobelX").Matrix)) { PerChannel = true, Padding = 1, Bias = [1, 2, 3] };

        FeatureMap whole = convolution.Apply(Fixtures.Backend, batch);
        FeatureMap inStrips = (convolution with { MostAtOnce = 1 }).Apply(Fixtures.Backend, batch);

        Assert.Equal(whole.Shape, inStrips.Shape);
        Assert.Equal(whole.AsSpan(), inStrips.AsSpan());
    }

    [Fact]
    public void A_long_one_can_be_stopped()
    {
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(300));
        FeatureMap data = new(new float[700 * 700], new(700, 700));
        Convolution convolution = new(FilterBank.Of(new FeatureMap(new float[350 * 350], new(350, 350)))) { MostAtOnce = 1e8 };

        Assert.Throws<OperationCanceledException>(() => convolution.Apply(Fixtures.Backend, data, stop.Token));
    }

    [Fact]
    public void Values_are_held_once()
    {
        CnnImage image = CnnImage.OfColor(new(3, 1000, 1000), default);
        Convolution convolution = new(FilterBank.Of(KernelGallery.Get("Identity").Matrix)) { PerChannel = true };
        convolution.Apply(Fixtures.Backend, FeatureMap.Of(CnnImage.OfColor(new(3, 9, 9), default)));
        long before = GC.GetAllocatedBytesForCurrentThread();

        convolution.Apply(Fixtures.Backend, FeatureMap.Of(image));

        // 12 MB of floats come and 12 MB go.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 23_000_000, 26_000_000);
    }

    [Fact]
    public void What_does_not_fit_into_memory_is_refused()
    {
        FeatureMap batch = new(new float[64 * 64], new(64, 1, 8, 8));
        Convolution convolution = new(FilterBank.Of(KernelGallery.Get("Blur").Matrix)) { Padding = 20_000 };

        Assert.Equal("OperationTooLarge", Assert.Throws<CnnException>(() => convolution.Apply(Fixtures.Backend, batch)).Id);
    }

    private static float[] Direct(Convolution convolution, FeatureMap data, Shape image, FeatureMap weight, Shape kernel)
    {
        (int filters, int planes, int height, int width) = (kernel[0], kernel[1], kernel[2], kernel[3]);
        Padding padding = convolution.Padding;
        int rows = ((image.Height + padding.Top + padding.Bottom - (convolution.Dilation.Vertical * (height - 1)) - 1) / convolution.Stride.Vertical) + 1;
        int columns = ((image.Width + padding.Left + padding.Right - (convolution.Dilation.Horizontal * (width - 1)) - 1) / convolution.Stride.Horizontal) + 1;
        List<float> values = [];
        for (int filter = 0; filter < filters; filter++)
        {
            int firstChannel = filter / (filters / convolution.Groups) * planes;
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    float sum = convolution.Bias[filter];
                    for (int plane = 0; plane < planes; plane++)
                    {
                        for (int y = 0; y < height; y++)
                        {
                            for (int x = 0; x < width; x++)
                            {
                                int index = convolution.Flip ? ((height - 1 - y) * width) + width - 1 - x : (y * width) + x;
                                sum += weight.AsSpan()[(((filter * planes) + plane) * height * width) + index] * Pixel(
                                    convolution, data, image, firstChannel + plane,
                                    (row * convolution.Stride.Vertical) + (y * convolution.Dilation.Vertical) - padding.Top,
                                    (column * convolution.Stride.Horizontal) + (x * convolution.Dilation.Horizontal) - padding.Left);
                            }
                        }
                    }

                    values.Add(sum);
                }
            }
        }

        return [.. values];
    }

    private static float Pixel(Convolution convolution, FeatureMap data, Shape image, int channel, int row, int column)
    {
        bool inside = row >= 0 && row < image.Height && column >= 0 && column < image.Width;
        if (!inside && convolution.PaddingMode is (PaddingMode.Zeros or PaddingMode.Constant))
        {
            return convolution.PaddingMode == PaddingMode.Zeros ? 0 : convolution.PaddingValue;
        }

        return data.AsSpan()[(((channel * image.Height) + Place(row, image.Height)) * image.Width) + Place(column, image.Width)];

        int Place(int position, int size) => convolution.PaddingMode switch
        {
            PaddingMode.Reflect => position < 0 ? -position : position >= size ? (2 * (size - 1)) - position : position,
            PaddingMode.Circular => (position + size) % size,
            _ => Math.Clamp(position, 0, size - 1),
        };
    }
}
