using CnnTools.Backends;

namespace CnnTools.Tests.Contract;

/// <summary>Gradients of every differentiable operation, against differences of its own values.</summary>
public sealed class GradientContract : BackendContract
{
    private const string Fused = "Conv2dMaxPoolReLU";
    private static readonly ConvolutionGeometry Grouped = new(new Pair(2, 1), 1, 1, Groups: 2);
    private static readonly PoolingGeometry Window = new(3, 2, 1);

    /// <summary>The operations by name: inputs' sizes, and what is done with them.</summary>
    private static readonly Dictionary<string, (long[][] Sizes, Func<IBackend, Tensor[], Tensor> Run)> Operations = new()
    {
        ["Conv2d"] = ([[2, 2, 4, 3], [2, 1, 3, 2], [2]], (b, t) => b.Conv2d(t[0], t[1], t[2], Grouped)),
        ["Pad2d Zeros"] = ([[2, 1, 2, 2]], (b, t) => b.Pad2d(t[0], new Padding(1, 0, 2, 1), PaddingMode.Zeros, 0)),
        ["Pad2d Reflect"] = ([[2, 1, 3, 3]], (b, t) => b.Pad2d(t[0], 1, PaddingMode.Reflect, 0)),
        ["Pad2d Replicate"] = ([[2, 1, 2, 2]], (b, t) => b.Pad2d(t[0], 1, PaddingMode.Replicate, 0)),
        ["Pad2d Circular"] = ([[2, 1, 2, 2]], (b, t) => b.Pad2d(t[0], 1, PaddingMode.Circular, 0)),
        ["MaxPool2d"] = ([[2, 2, 4, 4]], (b, t) => b.MaxPool2d(t[0], Window)),
        [Fused] = (
            [[2, 2, 5, 4], [3, 2, 2, 1], [3]], (b, t) => b.Conv2dMaxPoolReLU(t[0], t[1], t[2], new Pair(0, 1))),
        ["AvgPool2d"] = ([[2, 2, 4, 4]], (b, t) => b.AvgPool2d(t[0], Window, countPadding: true)),
        ["AvgPool2d, padding not counted"] = ([[2, 2, 4, 4]], (b, t) => b.AvgPool2d(t[0], Window, countPadding: false)),
        ["AdaptiveAvgPool2d"] = ([[2, 2, 5, 4]], (b, t) => b.AdaptiveAvgPool2d(t[0], new Pair(2, 3))),
        ["BatchNorm2d, training"] = ([[3, 2, 2, 2], [2], [2]], (b, t) => BatchNorm(b, t, training: true)),
        ["BatchNorm2d, evaluation"] = ([[3, 2, 2, 2], [2], [2]], (b, t) => BatchNorm(b, t, training: false)),
        ["Linear"] = ([[2, 3], [4, 3], [4]], (b, t) => b.Linear(t[0], t[1], t[2])),
        ["Flatten"] = ([[2, 2, 2, 2]], (b, t) => b.Flatten(t[0])),
        ["Concat"] = ([[2, 1, 2, 2], [2, 2, 2, 2]], (b, t) => b.Concat(t, 1)),
        ["Add"] = ([[2, 3], [2, 3]], (b, t) => b.Add(t[0], t[1])),
        ["Multiply"] = ([[2, 3, 2, 2], [2, 3, 1, 1]], (b, t) => b.Multiply(t[0], t[1])),
        ["Softmax"] = ([[2, 4]], (b, t) => b.Softmax(t[0], 1)),
        ["Dropout"] = ([[2, 8]], Dropout),
        ["ReLU"] = ([[2, 8]], (b, t) => b.Activate(t[0], Activation.ReLU)),
        ["Tanh"] = ([[2, 8]], (b, t) => b.Activate(t[0], Activation.Tanh)),
        ["Sigmoid"] = ([[2, 8]], (b, t) => b.Activate(t[0], Activation.Sigmoid)),
        ["ReLU6"] = ([[2, 8]], (b, t) => b.Activate(t[0], Activation.ReLU6)),
        ["SiLU"] = ([[2, 8]], (b, t) => b.Activate(t[0], Activation.SiLU)),
        ["HardSwish"] = ([[2, 8]], (b, t) => b.Activate(t[0], Activation.HardSwish)),
        ["HardSigmoid"] = ([[2, 8]], (b, t) => b.Activate(t[0], Activation.HardSigmoid)),
    };

    public static TheoryData<string> Names =>
        Backend.Info.Capabilities.HasFlag(BackendCapabilities.FusedConvolutionPooling)
            ? [.. Operations.Keys]
            : [.. Operations.Keys.Where(name => name != Fused)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradient_is_that_of_the_differences(string name)
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: true);
        (long[][] sizes, Func<IBackend, Tensor[], Tensor> run) = Operations[name];
        // Shifted by half the ramp's grid, no value is at a kink of an activation.
        Tensor[] inputs = [.. sizes.Select((s, i) => Backend.FromFloats(OffGrid(s, i), s, Device.Cpu))];
        foreach (Tensor input in inputs)
        {
            Backend.RequireGradient(input, required: true);
        }

        Backend.Backward(Loss(run(Backend, inputs)));
        foreach (Tensor input in inputs)
        {
            AssertClose(Differences(input, () => Loss(run(Backend, inputs))), Values(Backend.GetGradient(input)!), 1e-3f);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    public void Gradient_of_cross_entropy(double labelSmoothing)
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: true);
        Tensor logits = MakeRamp([3, 4]);
        Tensor Run() => Backend.CrossEntropy(logits, Labels(1, 3, 0), labelSmoothing);
        Backend.RequireGradient(logits, required: true);
        Backend.Backward(Run());
        AssertClose(Differences(logits, Run), Values(Backend.GetGradient(logits)!), 1e-3f);
    }

    [Fact]
    public void Gradients_add_up_until_they_are_cleared()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: true);
        (Tensor p, Tensor unused) = (Make([2], 1, 1), Make([2], 1, 1));
        Backend.RequireGradient(p, required: true);
        Backend.RequireGradient(unused, required: true);
        Assert.Null(Backend.GetGradient(p));
        Backend.Backward(Backend.Linear(Make([3], 1, 1), p, null));
        Backend.Backward(Backend.Linear(Make([4], 1, 1), p, null));
        Tensor gradient = Backend.GetGradient(p)!;
        AssertValues([7], gradient);
        Assert.Null(Backend.GetGradient(unused));
        Backend.ClearGradients([p, unused]);
        Assert.Null(Backend.GetGradient(p));
        AssertValues([7], gradient); // a copy
    }

    [Fact]
    public void Gradients_are_clipped_by_their_norm_or_their_values()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: true);
        (Tensor p, Tensor unused) = (Make([2], 1, 1), Make([2], 1, 1));
        Backend.RequireGradient(p, required: true);
        Backend.Backward(Backend.Linear(Make([4], 1, 1), p, null));
        Assert.Equal(4, Backend.ClipGradientNorm([p, unused], most: 5));
        AssertValues([4], Backend.GetGradient(p)!);
        Assert.Equal(4, Backend.ClipGradientNorm([p, unused], most: 2));
        AssertValues([2], Backend.GetGradient(p)!);
        Backend.ClipGradientValues([p, unused], most: 0.5);
        AssertValues([0.5f], Backend.GetGradient(p)!);
        AssertFails("BackendFailed", () => Backend.ClipGradientNorm([p], most: 0));
        AssertFails("BackendFailed", () => Backend.ClipGradientValues([p], most: -1));
    }

    [Fact]
    public void A_tensor_no_longer_marked_gets_no_gradient()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: true);
        (Tensor a, Tensor b) = (Make([2], 1, 1), Make([3], 1, 1));
        Backend.RequireGradient(a, required: true);
        Backend.RequireGradient(b, required: true);
        Backend.RequireGradient(b, required: false);
        Backend.Backward(Backend.Multiply(a, b));
        AssertValues([3], Backend.GetGradient(a)!);
        Assert.Null(Backend.GetGradient(b));
    }

    [Fact]
    public void A_marked_inner_tensor_keeps_its_gradient()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: true);
        Tensor a = Make([2], 1, 1);
        Backend.RequireGradient(a, required: true);
        Tensor inner = Backend.Multiply(a, a);
        Backend.RequireGradient(inner, required: true);
        Backend.Backward(Backend.Multiply(inner, Make([5], 1, 1)));
        AssertValues([5], Backend.GetGradient(inner)!);
        AssertValues([20], Backend.GetGradient(a)!);
    }

    [Fact]
    public void Without_recording_nothing_can_be_differentiated()
    {
        using ITensorScope outer = Backend.BeginScope(recordGradients: true);
        Tensor p = Make([2], 1, 1);
        Backend.RequireGradient(p, required: true);
        using (Backend.BeginScope(recordGradients: false))
        {
            AssertFails("BackendFailed", () => Backend.Backward(Backend.Multiply(p, p)));
        }

        Backend.Backward(Backend.Multiply(p, p)); // recording is on again
        AssertValues([4], Backend.GetGradient(p)!);
        AssertFails("BackendFailed", () => Backend.Backward(Backend.Concat([p, p], 0))); // not a scalar
    }

    private static Tensor BatchNorm(IBackend backend, Tensor[] t, bool training)
    {
        // Of its own each time: training moves them.
        Tensor mean = backend.FromFloats([0.1f, -0.2f], [2], Device.Cpu);
        Tensor variance = backend.FromFloats([0.8f, 1.2f], [2], Device.Cpu);
        return backend.BatchNorm2d(t[0], t[1], t[2], mean, variance, training, 0.1, 1e-5);
    }

    private static Tensor Dropout(IBackend backend, Tensor[] t)
    {
        using IGenerator generator = backend.CreateGenerator(Device.Cpu, 3);
        return backend.Dropout(t[0], 0.5, generator);
    }

    private static float[] OffGrid(long[] sizes, int input) =>
        [.. Ramp((int)sizes.Aggregate(1L, (a, b) => a * b), shift: 29 * input).Select(v => v + 0.01f)];

    /// <summary>A scalar in which every value of the tensor counts differently.</summary>
    private static Tensor Loss(Tensor tensor)
    {
        Tensor rows = Backend.Flatten(tensor);
        long features = rows.Sizes[1];
        Tensor logits = Backend.Linear(rows, MakeRamp([3, features], shift: 17), null);
        return Backend.CrossEntropy(logits, Labels([.. Enumerable.Range(0, (int)rows.Sizes[0]).Select(i => i % 3L)]));
    }

    private static float[] Differences(Tensor input, Func<Tensor> run)
    {
        const float step = 5e-3f;
        float[] values = Values(input);
        float[] result = new float[values.Length];
        float At(int i, float value)
        {
            using ITensorScope scope = Backend.BeginScope(recordGradients: false);
            float[] moved = [.. values];
            moved[i] = value;
            Backend.Write(input, moved);
            return Backend.ReadScalar(run());
        }

        for (int i = 0; i < values.Length; i++)
        {
            result[i] = (At(i, values[i] + step) - At(i, values[i] - step)) / (2 * step);
        }

        Backend.Write(input, values);
        return result;
    }
}
