using CnnTools.Backends;

namespace CnnTools.Tests.Contract;

/// <summary>Mixed precision, on devices that have it, and what is set for the whole process.</summary>
public sealed class PrecisionContract : BackendContract
{
    [Fact]
    public void Every_device_has_float32_and_no_CPU_has_TF32()
    {
        Assert.All(Backend.GetDevices(), d => Assert.True(Backend.Supports(d.Device, Precision.Float32)));
        Assert.False(Backend.Supports(Device.Cpu, Precision.TF32));
    }

    [Fact]
    public void A_backend_without_mixed_precision_says_so()
    {
        if (!Backend.Info.Capabilities.HasFlag(BackendCapabilities.MixedPrecision))
        {
            Assert.All(Backend.GetDevices(), d => Assert.False(Backend.Supports(d.Device, Precision.BFloat16)));
            AssertFails("BackendFailed", () => Backend.BeginMixedPrecision(Device.Cpu));
        }
    }

    [BFloat16Fact]
    public void Convolutions_and_linear_layers_give_bfloat16_near_float32_and_weights_get_float32_gradients()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: true);
        (float[] exact, float[][] exactGradients, ElementType wide) = Run(mixed: false);
        (float[] rounded, float[][] gradients, ElementType narrow) = Run(mixed: true);

        Assert.Equal((ElementType.Float32, ElementType.BFloat16), (wide, narrow));
        Assert.NotEqual(exact, rounded);
        AssertClose(exact, rounded, 2e-2f);
        foreach ((float[] expected, float[] actual) in exactGradients.Zip(gradients))
        {
            float largest = expected.Max(Math.Abs);
            AssertClose([.. expected.Select(v => v / largest)], [.. actual.Select(v => v / largest)], 5e-2f);
        }
    }

    [BFloat16Fact]
    public void Batch_norm_behind_keeps_its_statistics_in_float32()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor images = MakeRamp([4, 2, 6, 6]), kernel = MakeRamp([3, 2, 3, 3]);
        float[] exact = Means(null);
        AssertClose(exact, Means(Backend.BeginMixedPrecision(Device.Cpu)), 1e-2f);

        float[] Means(IDisposable? precision)
        {
            using (precision)
            {
                Tensor mean = Backend.Zeros([3], Device.Cpu), variance = Make([1, 1, 1], 3);
                _ = Backend.BatchNorm2d(
                    Backend.Conv2d(images, kernel, null, new(1, 1, 1, 1)), Make([1, 2, 3], 3), Make([0, 1, 0], 3), mean, variance,
                    training: true, momentum: 0.1, epsilon: 1e-5);
                Assert.Equal(ElementType.Float32, mean.ElementType);
                return Values(mean);
            }
        }
    }

    [BFloat16Fact]
    public void It_ends_with_its_scope_and_is_of_its_thread()
    {
        ElementType elsewhere = default;
        using (Backend.BeginMixedPrecision(Device.Cpu))
        {
            using (Backend.BeginMixedPrecision(Device.Cpu))
            {
            }

            Assert.Equal(ElementType.BFloat16, TypeOfLinear());
            Thread other = new(() => elsewhere = TypeOfLinear());
            other.Start();
            other.Join();
        }

        Assert.Equal((ElementType.Float32, ElementType.Float32), (elsewhere, TypeOfLinear()));

        ElementType TypeOfLinear()
        {
            using ITensorScope scope = Backend.BeginScope(recordGradients: false);
            return Backend.Linear(MakeRamp([2, 3]), MakeRamp([4, 3]), null).ElementType;
        }
    }

    [Fact]
    public void The_mode_is_what_it_was_set_to_and_the_CPU_computes_the_same_in_it()
    {
        Assert.Equal(default, Backend.NumericMode);
        using ITensorScope scope = Backend.BeginScope(recordGradients: true);
        (float[] expected, float[][] gradients, _) = Run(mixed: false);
        try
        {
            NumericMode mode = new(AllowTF32: true, Deterministic: Backend.GetDevices().Count == 1); // a CUDA device may not have it
            Backend.NumericMode = mode;
            Assert.Equal(mode, Backend.NumericMode);
            (float[] actual, float[][] others, _) = Run(mixed: false);
            Assert.Equal(expected, actual);
            Assert.Equal(gradients, others);
        }
        finally
        {
            Backend.NumericMode = default;
        }
    }

    /// <summary>A convolution and a linear layer: logits, the weights' gradients, and the type between them.</summary>
    private static (float[] Logits, float[][] Gradients, ElementType Between) Run(bool mixed)
    {
        Tensor images = MakeRamp([2, 2, 4, 4]);
        Tensor[] weights = [MakeRamp([3, 2, 3, 3], 5), MakeRamp([3], 7), MakeRamp([4, 3 * 16], 11), MakeRamp([4], 13)];
        foreach (Tensor weight in weights)
        {
            Backend.RequireGradient(weight, required: true);
        }

        Tensor features, logits;
        using (mixed ? Backend.BeginMixedPrecision(Device.Cpu) : null)
        {
            features = Backend.Conv2d(images, weights[0], weights[1], new(1, 1, 1, 1));
            logits = Backend.ToFloat(Backend.Linear(Backend.Flatten(Backend.Activate(features, Activation.ReLU)), weights[2], weights[3]));
        }

        Backend.Backward(Backend.CrossEntropy(logits, Labels(1, 3)));
        return (Values(logits), [.. weights.Select(weight => Values(Backend.GetGradient(weight)!))], features.ElementType);
    }
}
