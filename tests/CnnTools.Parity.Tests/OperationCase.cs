using CnnTools.Backends;

namespace CnnTools.Tests;

/// <summary>An operation on given inputs, once as the backend has it and once as operations.py has it.</summary>
/// <param name="Operation">Its key in operations.py.</param>
/// <param name="Arguments">What the function there gets besides the inputs.</param>
/// <param name="Inputs">The sizes of each input, by the name used there; running_mean and running_var are written to.</param>
/// <param name="Apply">The same on the backend.</param>
internal sealed record OperationCase(
    string Name, string Operation, Dictionary<string, object> Arguments, Dictionary<string, long[]> Inputs,
    Func<IBackend, Dictionary<string, Tensor>, Tensor> Apply)
{
    public static bool IsWritten(string input) => input is "running_mean" or "running_var";

    public static IReadOnlyList<OperationCase> All { get; } =
    [
        Conv("plain", [2, 3, 7, 9], [4, 3, 3, 3], 1, 0, 1, 1),
        Conv("strided and padded", [2, 3, 8, 9], [4, 3, 3, 3], 2, 1, 1, 1),
        Conv("oblong", [2, 2, 9, 8], [3, 2, 5, 2], new(2, 1), new(2, 0), new(1, 3), 1),
        Conv("dilated", [2, 3, 11, 11], [4, 3, 3, 3], 1, 2, 2, 1),
        Conv("in groups", [2, 6, 7, 7], [4, 3, 3, 3], 1, 1, 1, 2),
        Conv("depthwise", [2, 4, 7, 7], [8, 1, 3, 3], 1, 1, 1, 4),
        Conv("pointwise", [2, 5, 4, 4], [7, 5, 1, 1], 1, 0, 1, 1),
        Conv("without bias", [2, 3, 6, 6], [4, 3, 3, 3], 1, 1, 1, 1, bias: false),

        MaxPool("plain", new(2, 2, 0)),
        MaxPool("overlapping", new(3, 2, 1)),
        MaxPool("with a last hanging window", new(3, 2, 0, CeilMode: true)),
        MaxPool("with a last window that would start in the padding", new(2, 3, 1, CeilMode: true)),
        MaxPool("with an only window, larger than the image", new(9, 3, 0, CeilMode: true)),
        MaxPool("oblong", new(new(3, 2), new(2, 1), new(1, 0))),

        AvgPool("plain", new(2, 2, 0), true),
        AvgPool("with padding counted", new(3, 2, 1), true),
        AvgPool("with padding not counted", new(3, 2, 1), false),
        AvgPool("with a last hanging window, padding counted", new(3, 2, 1, CeilMode: true), true),
        AvgPool("with a last hanging window, padding not counted", new(3, 2, 1, CeilMode: true), false),
        AvgPool("with an only window, larger than the image", new(9, 3, 0, CeilMode: true), true),
        AdaptivePool("to one", 1),
        AdaptivePool("to uneven windows", new(3, 2)),
        AdaptivePool("to more than there is", new(10, 4)),

        BatchNorm("in training", training: true, affine: true),
        BatchNorm("in evaluation", training: false, affine: true),
        BatchNorm("in training without weights", training: true, affine: false),

        Pad(PaddingMode.Zeros, 0),
        Pad(PaddingMode.Constant, -1.5f),
        Pad(PaddingMode.Reflect, 0),
        Pad(PaddingMode.Replicate, 0),
        Pad(PaddingMode.Circular, 0),

        .. Enum.GetValues<Activation>().Select(Activate),
        new("Linear", "linear", [], new() { ["x"] = [5, 7], ["weight"] = [3, 7], ["bias"] = [3] },
            (backend, t) => backend.Linear(t["x"], t["weight"], t["bias"])),
        new("Linear without bias", "linear", [], new() { ["x"] = [5, 7], ["weight"] = [3, 7] },
            (backend, t) => backend.Linear(t["x"], t["weight"], null)),
        new("Concat", "concat", new() { ["dimension"] = 1 }, new() { ["x"] = [2, 3, 4, 5], ["y"] = [2, 1, 4, 5] },
            (backend, t) => backend.Concat([t["x"], t["y"]], 1)),
        new("Add", "add", [], new() { ["x"] = [2, 3, 4, 5], ["y"] = [2, 3, 4, 5] },
            (backend, t) => backend.Add(t["x"], t["y"])),
        new("Multiply, broadcast", "multiply", [], new() { ["x"] = [2, 3, 4, 5], ["y"] = [2, 3, 1, 1] },
            (backend, t) => backend.Multiply(t["x"], t["y"])),
        new("Multiply, pixels", "multiply", [], new() { ["x"] = [2, 3, 4, 5], ["y"] = [2, 1, 4, 5] },
            (backend, t) => backend.Multiply(t["x"], t["y"])),
        new("AdaptiveMaxPool2d, to one", "adaptive_max_pool2d", new() { ["size"] = Both(1) }, new() { ["x"] = [2, 3, 7, 5] },
            (backend, t) => backend.AdaptiveMaxPool2d(t["x"], 1)),
        new("AdaptiveMaxPool2d, to uneven windows", "adaptive_max_pool2d", new() { ["size"] = Both(new(3, 2)) },
            new() { ["x"] = [2, 3, 7, 5] }, (backend, t) => backend.AdaptiveMaxPool2d(t["x"], new(3, 2))),
        LocalResponseNorm(5),
        LocalResponseNorm(4),
        new("Affine", "affine", new() { ["scale"] = -0.17, ["shift"] = 1.0 }, new() { ["x"] = [4, 6] },
            (backend, t) => backend.Affine(t["x"], -0.17, 1)),
        new("Max over channels", "max", new() { ["dimension"] = 1 }, new() { ["x"] = [2, 3, 4, 5] },
            (backend, t) => backend.Max(t["x"], 1)),
        new("Mean over channels", "mean", new() { ["dimension"] = 1 }, new() { ["x"] = [2, 3, 4, 5] },
            (backend, t) => backend.Mean(t["x"], 1)),
        new("Reshape", "reshape", new() { ["sizes"] = (int[])[4, 3, 2, 1] }, new() { ["x"] = [4, 6] },
            (backend, t) => backend.Reshape(t["x"], [4, 3, 2, 1])),
        new("PadChannels", "pad_channels", new() { ["before"] = 1, ["after"] = 2 }, new() { ["x"] = [2, 3, 4, 5] },
            (backend, t) => backend.PadChannels(t["x"], 1, 2)),
        new("Softmax", "softmax", new() { ["dimension"] = 1 }, new() { ["x"] = [4, 6] },
            (backend, t) => backend.Softmax(t["x"], 1)),
        CrossEntropy(0),
        CrossEntropy(0.1),
    ];

    /// <summary>The labels that operations.py uses: 0, 1, 2 and so on, as far as there are classes.</summary>
    public static long[] LabelsFor(Tensor rows) => [.. Enumerable.Range(0, (int)rows.Sizes[0]).Select(i => i % rows.Sizes[1])];

    private static OperationCase Conv(
        string what, long[] input, long[] weight, Pair stride, Pair padding, Pair dilation, int groups, bool bias = true)
    {
        Dictionary<string, long[]> inputs = new() { ["x"] = input, ["weight"] = weight };
        if (bias)
        {
            inputs["bias"] = [weight[0]];
        }

        return new($"Conv2d, {what}", "conv2d",
            new()
            {
                ["stride"] = Both(stride), ["padding"] = Both(padding), ["dilation"] = Both(dilation), ["groups"] = groups,
            },
            inputs,
            (backend, t) => backend.Conv2d(
                t["x"], t["weight"], t.GetValueOrDefault("bias"), new(stride, padding, dilation, groups)));
    }

    private static OperationCase MaxPool(string what, PoolingGeometry geometry) =>
        new($"MaxPool2d, {what}", "max_pool2d", Window(geometry), new() { ["x"] = [2, 3, 8, 7] },
            (backend, t) => backend.MaxPool2d(t["x"], geometry));

    private static OperationCase AvgPool(string what, PoolingGeometry geometry, bool countPadding) =>
        new($"AvgPool2d, {what}", "avg_pool2d", new(Window(geometry)) { ["count_padding"] = countPadding },
            new() { ["x"] = [2, 3, 8, 7] },
            (backend, t) => backend.AvgPool2d(t["x"], geometry, countPadding));

    private static OperationCase AdaptivePool(string what, Pair size) =>
        new($"AdaptiveAvgPool2d, {what}", "adaptive_avg_pool2d", new() { ["size"] = Both(size) },
            new() { ["x"] = [2, 3, 7, 5] },
            (backend, t) => backend.AdaptiveAvgPool2d(t["x"], size));

    private static OperationCase BatchNorm(string what, bool training, bool affine)
    {
        const double Momentum = 0.3;
        const double Epsilon = 1e-3;
        Dictionary<string, long[]> inputs = new() { ["x"] = [4, 3, 5, 6], ["running_mean"] = [3], ["running_var"] = [3] };
        if (affine)
        {
            (inputs["weight"], inputs["bias"]) = ([3], [3]);
        }

        return new($"BatchNorm2d, {what}", "batch_norm2d",
            new() { ["training"] = training, ["momentum"] = Momentum, ["epsilon"] = Epsilon }, inputs,
            (backend, t) => backend.BatchNorm2d(
                t["x"], t.GetValueOrDefault("weight"), t.GetValueOrDefault("bias"), t["running_mean"], t["running_var"],
                training, Momentum, Epsilon));
    }

    private static OperationCase Pad(PaddingMode mode, float value) =>
        new($"Pad2d, {mode}", "pad2d",
            new() { ["padding"] = (int[])[1, 2, 3, 0], ["mode"] = mode.ToString(), ["value"] = value },
            new() { ["x"] = [2, 3, 4, 5] },
            (backend, t) => backend.Pad2d(t["x"], new(1, 2, 3, 0), mode, value));

    private static OperationCase LocalResponseNorm(int size) =>
        new($"LocalResponseNorm, {size} channels", "local_response_norm",
            new() { ["size"] = size, ["alpha"] = 0.3, ["beta"] = 0.75, ["k"] = 2.0 }, new() { ["x"] = [2, 7, 4, 5] },
            (backend, t) => backend.LocalResponseNorm(t["x"], size, alpha: 0.3, beta: 0.75, k: 2));

    private static OperationCase Activate(Activation activation) =>
        new($"Activate, {activation}", "activate", new() { ["function"] = activation.ToString() },
            new() { ["x"] = [4, 60] },
            (backend, t) => backend.Activate(t["x"], activation));

    private static OperationCase CrossEntropy(double smoothing) =>
        new(FormattableString.Invariant($"CrossEntropy, smoothing {smoothing}"), "cross_entropy",
            new() { ["smoothing"] = smoothing }, new() { ["x"] = [6, 4] },
            (backend, t) => backend.CrossEntropy(t["x"], backend.FromIndices(LabelsFor(t["x"]), Device.Cpu), smoothing));

    private static Dictionary<string, object> Window(PoolingGeometry geometry) => new()
    {
        ["kernel"] = Both(geometry.Kernel),
        ["stride"] = Both(geometry.Stride),
        ["padding"] = Both(geometry.Padding),
        ["ceil"] = geometry.CeilMode,
    };

    private static int[] Both(Pair pair) => [pair.Vertical, pair.Horizontal];
}
