using CnnTools.Backends;

namespace CnnTools.Tests.Contract;

/// <summary>The values of each layer, forwards.</summary>
public sealed class LayerContract : BackendContract
{
    [Fact]
    public void Convolution_is_cross_correlation()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor input = Make([1, 2, 3, 4, 5, 6, 7, 8, 9], 1, 1, 3, 3);
        Tensor weight = Make([1, 2, 3, 4], 1, 1, 2, 2); // not flipped: 1*1 + 2*2 + 4*3 + 5*4
        Tensor result = Backend.Conv2d(input, weight, null, new ConvolutionGeometry(1, 0, 1, 1));
        Assert.Equal([1, 1, 2, 2], result.Sizes);
        AssertValues([37, 47, 67, 77], result);
    }

    [Theory]
    [InlineData(MemoryLayout.Contiguous)]
    [InlineData(MemoryLayout.ChannelsLast)]
    public void Convolution_with_groups_stride_padding_and_dilation(MemoryLayout layout)
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor input = Backend.Copy(MakeRamp([1, 4, 5, 6]), Device.Cpu, layout);
        Tensor weight = Backend.Copy(MakeRamp([2, 2, 3, 2], shift: 5), Device.Cpu, layout);
        ConvolutionGeometry geometry = new(new Pair(2, 1), new Pair(1, 2), new Pair(1, 2), Groups: 2);
        Tensor result = Backend.Conv2d(input, weight, MakeRamp([2], shift: 11), geometry);
        Assert.Equal([1, 2, 3, 8], result.Sizes);
        AssertValues(
            [
                -3.2228f, -0.8252f, 0.7176f, -1.7276f, -0.6176f, -2.2548f, -1.1276f, -0.1123999f, -0.268f, 0.04280007f,
                -2.1628f, -0.2212f, -2.6428f, -0.4588f, -0.1651999f, -0.9988001f, -0.9972f, -1.7684f, -0.2768f, -1.828f,
                -0.1471999f, -0.3248f, -1.0296f, -0.7188f, 0.4044f, -0.2436f, -1.9728f, 0.6816f, 0.5484f, 0.2132f,
                0.1316f, -1.212f, -0.8660001f, -1.4876f, 1.7688f, 0.1084f, -0.1379999f, 0.1408f, -1.3256f, 0.1f,
                -0.242f, 0.7084001f, -0.4696f, -0.9208001f, -0.5236f, -0.4496001f, 0.3068001f, -0.004000023f,
            ],
            result);
    }

    [Theory]
    [InlineData(PaddingMode.Zeros, new float[] { 0, 0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9 })]
    [InlineData(PaddingMode.Constant, new float[] { 9, 9, 9, 9, 9, 1, 2, 3, 9, 4, 5, 6, 9, 7, 8, 9 })]
    [InlineData(PaddingMode.Reflect, new float[] { 5, 4, 5, 6, 2, 1, 2, 3, 5, 4, 5, 6, 8, 7, 8, 9 })]
    [InlineData(PaddingMode.Replicate, new float[] { 1, 1, 2, 3, 1, 1, 2, 3, 4, 4, 5, 6, 7, 7, 8, 9 })]
    [InlineData(PaddingMode.Circular, new float[] { 9, 7, 8, 9, 3, 1, 2, 3, 6, 4, 5, 6, 9, 7, 8, 9 })]
    public void Pads_top_and_left(PaddingMode mode, float[] expected)
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor input = Make([1, 2, 3, 4, 5, 6, 7, 8, 9], 1, 1, 3, 3);
        AssertValues(expected, Backend.Pad2d(input, new Padding(1, 0, 1, 0), mode, 9));
    }

    [Theory]
    [InlineData(PaddingMode.Zeros, new float[] { 1, 2, 0, 3, 4, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(PaddingMode.Replicate, new float[] { 1, 2, 2, 3, 4, 4, 3, 4, 4, 3, 4, 4 })]
    [InlineData(PaddingMode.Circular, new float[] { 1, 2, 1, 3, 4, 3, 1, 2, 1, 3, 4, 3 })]
    public void Pads_bottom_and_right(PaddingMode mode, float[] expected)
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor result = Backend.Pad2d(Make([1, 2, 3, 4], 1, 1, 2, 2), new Padding(0, 2, 0, 1), mode, 0);
        Assert.Equal([1, 1, 4, 3], result.Sizes);
        AssertValues(expected, result);
    }

    [Fact]
    public void Max_pooling_ignores_padding_and_ceil_mode_hangs_over()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor negative = Make([-1, -2, -3, -4], 1, 1, 2, 2);
        AssertValues([-1], Backend.MaxPool2d(negative, new PoolingGeometry(4, 4, 1)));
        PoolingGeometry geometry = new(new Pair(2, 3), 2, 1, CeilMode: true);
        AssertValues(
            [-0.26f, 0.48f, -0.06f, 0.68f, 0.88f, 0.88f, 0.74f, 0.74f, 0.94f],
            Backend.MaxPool2d(MakeRamp([1, 1, 4, 5]), geometry));
        Assert.Equal([1, 1, 2, 2], Backend.MaxPool2d(MakeRamp([1, 1, 5, 5]), new PoolingGeometry(2, 2, 0)).Sizes);
        Assert.Equal([1, 1, 3, 3], Backend.MaxPool2d(MakeRamp([1, 1, 5, 5]), new PoolingGeometry(2, 2, 0, true)).Sizes);
    }

    [CapabilityTheory(BackendCapabilities.FusedConvolutionPooling)]
    [InlineData(1, 6, 0)]
    [InlineData(3, 7, 1)]
    [InlineData(5, 33, 2)]
    public void Convolution_with_pooling_is_its_three_parts(int channels, int filters, int padding)
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor input = MakeRamp([2, channels, 8, 9]);
        (Tensor weight, Tensor bias) = (MakeRamp([filters, channels, 3, 3], shift: 5), MakeRamp([filters], shift: 9));
        Tensor maps = Backend.Conv2d(input, weight, bias, new ConvolutionGeometry(1, padding, 1, 1));
        Tensor expected = Backend.Activate(Backend.MaxPool2d(maps, new PoolingGeometry(2, 2, 0)), Activation.ReLU);
        Tensor result = Backend.Conv2dMaxPoolReLU(input, weight, bias, padding);
        Assert.Equal(expected.Sizes, result.Sizes);
        AssertValues(Values(expected), result, 1e-5f);
    }

    [Theory]
    [InlineData(
        true,
        new[] { -0.21f, -0.09666667f, -0.1433333f, -0.08666667f, -0.03f, 0.04666666f, 0.1233333f, 0.06666666f, 0.19f })]
    [InlineData(
        false, new[] { -0.63f, -0.1933333f, -0.43f, -0.13f, -0.03f, 0.06999999f, 0.37f, 0.1333333f, 0.57f })]
    public void Average_pooling_counts_padding_or_not(bool countPadding, float[] expected)
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        PoolingGeometry geometry = new(new Pair(2, 3), 2, 1, CeilMode: true);
        AssertValues(expected, Backend.AvgPool2d(MakeRamp([1, 1, 4, 5]), geometry, countPadding));
    }

    [Fact]
    public void Adaptive_pooling_takes_overlapping_windows()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        AssertValues(
            [-0.2966667f, -0.08444446f, -0.09666667f, 0.03333333f, -0.0911111f, 0.2333333f],
            Backend.AdaptiveAvgPool2d(MakeRamp([1, 1, 5, 5]), new Pair(2, 3)));
        AssertValues([2.5f], Backend.AdaptiveAvgPool2d(Make([1, 2, 3, 4], 1, 1, 2, 2), 1));
    }

    [Fact]
    public void Batch_norm_uses_the_running_statistics_in_evaluation()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        (Tensor mean, Tensor variance) = (Make([0.2f, -0.1f], 2), Make([1.5f, 0.5f], 2));
        Tensor result = Backend.BatchNorm2d(
            MakeRamp([2, 2, 2, 2]), Make([0.5f, 2], 2), Make([0.1f, -0.2f], 2), mean, variance, training: false, 0.1, 1e-5);
        AssertValues(
            [
                -0.3898963f, -0.08779358f, 0.2143091f, -0.3082469f, -0.08686405f, 2.006151f, -1.614199f, 0.4788157f,
                0.3776079f, -0.1449482f, 0.1571546f, -0.3654015f, -0.4828399f, 1.610175f, -2.010175f, 0.08283987f,
            ],
            result);
        AssertValues([0.2f, -0.1f], mean);
        AssertValues([1.5f, 0.5f], variance);
    }

    [Theory]
    [InlineData(MemoryLayout.Contiguous)]
    [InlineData(MemoryLayout.ChannelsLast)]
    public void Batch_norm_uses_and_moves_the_statistics_in_training(MemoryLayout layout)
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: true);
        (Tensor mean, Tensor variance) = (Make([0.2f, -0.1f], 2), Make([1.5f, 0.5f], 2));
        Tensor result = Backend.BatchNorm2d(
            Backend.Copy(MakeRamp([2, 2, 2, 2]), Device.Cpu, layout), Make([0.5f, 2], 2), Make([0.1f, -0.2f], 2), mean,
            variance, training: true, 0.1, 1e-5);
        AssertValues(
            [
                -0.4944091f, 0.06414676f, 0.6227025f, -0.343448f, -0.3294867f, 2.864518f, -2.660247f, 0.5337579f,
                0.9246246f, -0.04152597f, 0.5170298f, -0.4491207f, -0.9337578f, 2.260247f, -3.264518f, -0.07051332f,
            ],
            result, 4e-6f);
        AssertValues([0.15875f, -0.09299999f], mean);
        AssertValues([1.400148f, 0.4745371f], variance); // unbiased
    }

    [Fact]
    public void Batch_norm_needs_no_weight_and_bias()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor result = Backend.BatchNorm2d(
            Make([1, 3], 2, 1, 1, 1), null, null, Make([0], 1), Make([1], 1), training: true, 0.1, 0);
        AssertValues([-1, 1], result);
    }

    [Fact]
    public void Linear_multiplies_by_the_transposed_weight()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor input = Make([1, 2, 3, 4, 5, 6], 2, 3);
        Tensor weight = Make([1, 0, -1, 2, 2, 2], 2, 3);
        AssertValues([-2, 12, -2, 30], Backend.Linear(input, weight, null));
        AssertValues([-1, 22, -1, 40], Backend.Linear(input, weight, Make([1, 10], 2)));
    }

    [Theory]
    [InlineData(Activation.ReLU, new[] { 0, 0, 0, 0, 0, 0.5f, 1, 2.5f, 4, 7 })]
    [InlineData(Activation.ReLU6, new[] { 0, 0, 0, 0, 0, 0.5f, 1, 2.5f, 4, 6 })]
    [InlineData(
        Activation.Tanh,
        new[]
        {
            -0.9993293f, -0.9866143f, -0.7615942f, -0.4621172f, 0, 0.4621172f, 0.7615942f, 0.9866143f, 0.9993293f,
            0.9999983f,
        })]
    [InlineData(
        Activation.Sigmoid,
        new[]
        {
            0.01798621f, 0.07585818f, 0.2689414f, 0.3775407f, 0.5f, 0.6224594f, 0.7310586f, 0.9241418f, 0.9820138f,
            0.999089f,
        })]
    [InlineData(
        Activation.SiLU,
        new[]
        {
            -0.07194484f, -0.1896455f, -0.2689414f, -0.1887703f, 0, 0.3112297f, 0.7310586f, 2.310354f, 3.928055f,
            6.993623f,
        })]
    [InlineData(
        Activation.HardSwish,
        new[] { 0, -0.2083333f, -0.3333333f, -0.2083333f, 0, 0.2916667f, 0.6666667f, 2.291667f, 4, 7 })]
    [InlineData(
        Activation.HardSigmoid,
        new[] { 0, 0.08333334f, 0.3333333f, 0.4166667f, 0.5f, 0.5833333f, 0.6666667f, 0.9166667f, 1, 1 })]
    public void Activations(Activation activation, float[] expected)
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor input = Make([-4, -2.5f, -1, -0.5f, 0, 0.5f, 1, 2.5f, 4, 7], 10);
        AssertValues(expected, Backend.Activate(input, activation));
    }

    [Fact]
    public void Flattens_in_channel_order_whatever_the_layout()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor input = Backend.Copy(MakeRamp([2, 3, 2, 2]), Device.Cpu, MemoryLayout.ChannelsLast);
        Tensor result = Backend.Flatten(input);
        Assert.Equal([2, 12], result.Sizes);
        Assert.Equal(Ramp(24), Values(result));
    }

    [Fact]
    public void Concatenates_adds_and_multiplies()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        (Tensor a, Tensor b) = (Make([1, 2, 3, 4], 2, 2), Make([5, 6, 7, 8], 2, 2));
        AssertValues([1, 2, 5, 6, 3, 4, 7, 8], Backend.Concat([a, b], 1));
        AssertValues([1, 2, 3, 4, 5, 6, 7, 8], Backend.Concat([a, b], 0));
        AssertValues([6, 8, 10, 12], Backend.Add(a, b));
        AssertValues([5, 12, 21, 32], Backend.Multiply(a, b));
        AssertValues([10, 20, 300, 400], Backend.Multiply(a, Make([10, 100], 2, 1)));
    }

    [Fact]
    public void Gates_broadcast_over_channels_and_over_pixels()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor image = Make([1, 2, 3, 4], 1, 2, 1, 2);
        AssertValues([2, 4, 30, 40], Backend.Multiply(image, Make([2, 10], 1, 2, 1, 1)));
        AssertValues([2, 20, 6, 40], Backend.Multiply(image, Make([2, 10], 1, 1, 1, 2)));
        AssertValues([0.75f, 0.5f, 0.25f, 0], Backend.Affine(image, -0.25, 1));
    }

    [Theory]
    [InlineData(MemoryLayout.Contiguous)]
    [InlineData(MemoryLayout.ChannelsLast)]
    public void Maxima_and_means_over_channels_keep_the_dimension(MemoryLayout layout)
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor image = Backend.Copy(Make([1, 7, 3, 4, 5, 6, 1, 2], 1, 2, 2, 2), Device.Cpu, layout);
        Assert.Equal([1, 1, 2, 2], Backend.Max(image, 1).Sizes);
        AssertValues([5, 7, 3, 4], Backend.Max(image, 1));
        AssertValues([3, 6.5f, 2, 3], Backend.Mean(image, 1));
        AssertValues([7, 6], Backend.AdaptiveMaxPool2d(image, 1));
        AssertValues([1, 7, 3, 4, 5, 6, 1, 2], Backend.Reshape(image, [1, 8, 1, 1]));
        AssertValues([0, 0, 0, 0, 1, 7, 3, 4, 5, 6, 1, 2, 0, 0, 0, 0], Backend.PadChannels(image, 1, 1));
    }

    [Fact]
    public void Local_response_normalisation_looks_across_channels()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor image = Make([1, 2, 3], 1, 3, 1, 1);

        // Mean squares of three channels around: (0 + 1 + 4) / 3, (1 + 4 + 9) / 3, (4 + 9 + 0) / 3; of two: the one before.
        AssertValues([1 / 7f, 2 / 16f, 3 / 15f], Backend.LocalResponseNorm(image, 3, alpha: 3, beta: 1, k: 2));
        AssertValues([1 / 2f, 2 / 6f, 3 / 14f], Backend.LocalResponseNorm(image, 2, alpha: 2, beta: 1, k: 1));
        AssertValues([1, 1, 1], Backend.LocalResponseNorm(image, 1, alpha: 1, beta: 0.5, k: 0));
    }

    [Fact]
    public void Softmax_and_cross_entropy()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor logits = Make([.. Ramp(12).Select(v => 3 * v)], 3, 4);
        AssertValues(
            [
                0.01033011f, 0.09511276f, 0.8757344f, 0.01882268f, 0.08178388f, 0.7530113f, 0.01618492f, 0.14902f,
                0.8172299f, 0.01756522f, 0.1617288f, 0.003476133f,
            ],
            Backend.Softmax(logits, 1));
        Tensor labels = Labels(2, 0, 3);
        AssertValues([2.7660675f], Backend.CrossEntropy(logits, labels));
        AssertValues([2.7525675f], Backend.CrossEntropy(logits, labels, labelSmoothing: 0.1));
        AssertValues([4.010764f], Backend.CrossEntropy(logits, labels, classWeights: Make([2, 1, 0.5f, 3], 4)));
        Assert.Equal(1, Backend.CountCorrect(logits, labels));
        Assert.Equal(3, Backend.CountCorrect(logits, Labels(2, 1, 0)));
    }

    [Fact]
    public void Labels_that_do_not_fit_are_errors()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor logits = MakeRamp([2, 3]);
        AssertFails("BackendFailed", () => Backend.CrossEntropy(logits, Labels(0, 3)));
        AssertFails("BackendFailed", () => Backend.CrossEntropy(logits, Labels(0)));
        AssertFails("BackendFailed", () => Backend.CrossEntropy(logits, Labels(0, 1), classWeights: Make([1, 1], 2)));
        AssertFails("BackendFailed", () => Backend.CountCorrect(logits, Labels(0)));
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_errors_with_words()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        CnnException error = AssertFails(
            "BackendFailed", () => Backend.Linear(MakeRamp([2, 3]), MakeRamp([2, 4]), null));
        Assert.StartsWith("Linear failed: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("frame #", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_gives_the_same_in_both_layouts()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        float[] Run(MemoryLayout layout)
        {
            Tensor x = Backend.Copy(MakeRamp([2, 3, 9, 7]), Device.Cpu, layout);
            Tensor weight = Backend.Copy(MakeRamp([8, 3, 3, 3], shift: 3), Device.Cpu, layout);
            x = Backend.Conv2d(x, weight, null, new ConvolutionGeometry(1, 1, 1, 1));
            x = Backend.BatchNorm2d(
                x, null, null, Backend.Zeros([8], Device.Cpu), Make([1, 1, 1, 1, 1, 1, 1, 1], 8), training: true, 0.1, 1e-5);
            x = Backend.Activate(x, Activation.SiLU);
            x = Backend.Pad2d(x, 1, PaddingMode.Replicate, 0);
            x = Backend.MaxPool2d(x, new PoolingGeometry(3, 2, 1));
            x = Backend.AvgPool2d(x, new PoolingGeometry(2, 1, 0), countPadding: true);
            x = Backend.Concat([x, Backend.Add(x, x), Backend.Multiply(x, x)], 1);
            return Values(Backend.Flatten(Backend.AdaptiveAvgPool2d(x, 2)));
        }

        AssertClose(Run(MemoryLayout.Contiguous), Run(MemoryLayout.ChannelsLast), 1e-5f);
    }
}
