using CnnTools.Backends;
using CnnTools.Graphs.Layers;

namespace CnnTools.Weights;

/// <summary>What each layer is in ONNX, in evaluation (operators of opset 15).</summary>
internal static class OnnxOperators
{
    /// <summary>The last operator of a layer; those before it have been added.</summary>
    /// <exception cref="CnnException">The layer has no counterpart.</exception>
    public static OnnxOperator For(OnnxLayer at) => at.Layer switch
    {
        Conv2d layer => Conv(layer, at),
        Linear layer => Gemm(layer, at),
        BatchNorm2d layer => BatchNormalization(layer, at),
        Activate layer => Nonlinearity(layer.Function, at),
        MaxPool2d layer => MaxPool(layer, at),
        AvgPool2d layer => AveragePool(layer, at),
        AdaptiveAvgPool2d layer => AdaptiveAverage(layer, at),
        AdaptiveMaxPool2d layer => AdaptiveMaximum(layer, at),
        ChannelPool => MaximumAndMean(at),
        LocalResponseNorm layer => Lrn(layer, at),
        Affine layer => MulAdd(layer, at),
        Pad2d layer => Pad(layer, at),
        PadChannels layer => Pad(at, [layer.Before, 0, 0], [layer.After, 0, 0]),
        Flatten => new OnnxOperator("Flatten", at.Input).With("axis", 1),
        Unflatten layer => Reshape(at, at.Input, layer.OutputShape),
        Dropout => new OnnxOperator("Identity", at.Input),
        Add => Chain("Add", at),
        Multiply => Chain("Mul", at),
        Concat => new OnnxOperator("Concat", [.. at.Inputs]).With("axis", 1),
        _ => throw Errors.LayerNotInOnnx(at.Name, at.Layer.Kind),
    };

    private static OnnxOperator Conv(Conv2d layer, OnnxLayer at) =>
        new OnnxOperator("Conv", WithWeights(at, layer.Bias))
            .With("kernel_shape", layer.Kernel)
            .With("strides", layer.Stride)
            .With("pads", Pads(layer.Padding, layer.Padding))
            .With("dilations", layer.Dilation)
            .With("group", layer.Groups);

    private static OnnxOperator Gemm(Linear layer, OnnxLayer at) =>
        new OnnxOperator("Gemm", WithWeights(at, layer.Bias)).With("transB", 1);

    private static OnnxOperator BatchNormalization(BatchNorm2d layer, OnnxLayer at) =>
        new OnnxOperator("BatchNormalization",
            [.. WithWeights(at, bias: true), at.Weight("running_mean"), at.Weight("running_var")])
            .With("epsilon", layer.Epsilon);

    private static OnnxOperator Nonlinearity(Activation function, OnnxLayer at) => function switch
    {
        Activation.ReLU => new("Relu", at.Input),
        Activation.ReLU6 => new("Clip", at.Input, at.Constant("min", 0), at.Constant("max", 6)),
        Activation.SiLU => new("Mul", at.Input, at.Step("sigmoid", new("Sigmoid", at.Input))),
        Activation.HardSigmoid => new OnnxOperator("HardSigmoid", at.Input).With("alpha", 1.0 / 6).With("beta", 0.5),
        Activation.Tanh or Activation.Sigmoid or Activation.HardSwish => new(function.ToString(), at.Input),
        _ => throw Errors.LayerNotInOnnx(at.Name, function.ToString()),
    };

    private static OnnxOperator MaxPool(MaxPool2d layer, OnnxLayer at) =>
        Window("MaxPool", at.Input, layer.Kernel, layer.Stride, Pads(layer.Padding, FarPadding(layer, at)));

    /// <summary>
    /// Padding may count in a mean, but not what a last window of ceil mode has beyond it: where there is both, the padding
    /// is made pixels.
    /// </summary>
    private static OnnxOperator AveragePool(AvgPool2d layer, OnnxLayer at)
    {
        Pair near = layer.Padding;
        Pair far = FarPadding(layer, at);
        Pair beyond = new(Math.Max(0, far.Vertical - near.Vertical), Math.Max(0, far.Horizontal - near.Horizontal));
        if (layer.CountPadding && beyond != 0)
        {
            long[] sides = [0, near.Vertical, near.Horizontal];
            string padded = at.Step("padded", Pad(at, sides, sides));
            return Window("AveragePool", padded, layer.Kernel, layer.Stride, Pads(0, beyond));
        }

        return Window("AveragePool", at.Input, layer.Kernel, layer.Stride, Pads(near, far))
            .With("count_include_pad", layer.CountPadding ? 1 : 0);
    }

    /// <summary>Runtimes differ in ceil mode: here it is padding, as much as the last window needs.</summary>
    private static Pair FarPadding(WindowPooling layer, OnnxLayer at)
    {
        (Pair kernel, Pair stride, Pair near) = (layer.Kernel, layer.Stride, layer.Padding);
        return layer.CeilMode
            ? new(
                Need(at.OutputShape.Height, stride.Vertical, kernel.Vertical, at.InputShape.Height + near.Vertical),
                Need(at.OutputShape.Width, stride.Horizontal, kernel.Horizontal, at.InputShape.Width + near.Horizontal))
            : near;

        static int Need(int windows, int stride, int kernel, int size) =>
            (int)Math.Max(0, ((windows - 1L) * stride) + kernel - size);
    }

    private static OnnxOperator AdaptiveAverage(AdaptiveAvgPool2d layer, OnnxLayer at)
    {
        if (FixedWindows("AveragePool", layer, at) is { } pooling)
        {
            return pooling;
        }

        // Windows of different sizes: a product with each window's shares, row by row, then column by column.
        (int height, int width) = (at.InputShape.Height, at.InputShape.Width);
        (int rows, int columns) = layer.OutputSize;
        string rowShares = at.Constant("rowShares", Shares(height, rows, byWindow: height, byPixel: 1), rows, height);
        string columnShares = at.Constant("columnShares", Shares(width, columns, byWindow: 1, byPixel: columns), width, columns);
        return new("MatMul", at.Step("rows", new("MatMul", rowShares, at.Input)), columnShares);

        // The strides say which of the matrix's dimensions is the windows'.
        static float[] Shares(int size, int count, int byWindow, int byPixel)
        {
            float[] shares = new float[size * count];
            foreach ((int i, (int start, int length)) in Windows.Adaptive(size, count).Index())
            {
                for (int j = start; j < start + length; j++)
                {
                    shares[(i * byWindow) + (j * byPixel)] = 1f / length;
                }
            }

            return shares;
        }
    }

    private static OnnxOperator AdaptiveMaximum(AdaptiveMaxPool2d layer, OnnxLayer at)
    {
        if (FixedWindows("MaxPool", layer, at) is { } pooling)
        {
            return pooling;
        }

        // Windows of different sizes: each side's are gathered, the short ones with their last member again.
        string rows = at.Step("rows", Largest("rows", at.Input, axis: 2, at.InputShape.Height, layer.OutputSize.Vertical));
        return Largest("columns", rows, axis: 3, at.InputShape.Width, layer.OutputSize.Horizontal);

        OnnxOperator Largest(string name, string input, int axis, int size, int count)
        {
            (int Start, int Length)[] windows = Windows.Adaptive(size, count);
            int longest = windows.Max(w => w.Length);
            IEnumerable<long> members =
                from window in windows
                from i in Enumerable.Range(0, longest)
                select (long)window.Start + Math.Min(i, window.Length - 1);
            string indices = at.Constant($"{name}Members", [.. members], count, longest);
            string gathered = at.Step($"{name}Gathered", Gather(input, indices, axis));
            return new OnnxOperator("ReduceMax", gathered).With("axes", [axis + 1]).With("keepdims", 0);
        }
    }

    /// <summary>Adaptive pooling whose windows are all of one size, side by side; null where they are not.</summary>
    private static OnnxOperator? FixedWindows(string type, AdaptivePooling layer, OnnxLayer at)
    {
        if (layer.OutputSize == 1)
        {
            return new($"Global{type}", at.Input);
        }

        (int height, int width) = (at.InputShape.Height, at.InputShape.Width);
        (int rows, int columns) = layer.OutputSize;
        Pair window = new(height / rows, width / columns);
        return height % rows == 0 && width % columns == 0 ? Window(type, at.Input, window, window, Pads(0, 0)) : null;
    }

    private static OnnxOperator MaximumAndMean(OnnxLayer at)
    {
        string maximum = at.Step("maximum", new OnnxOperator("ReduceMax", at.Input).With("axes", [1]));
        string mean = at.Step("mean", new OnnxOperator("ReduceMean", at.Input).With("axes", [1]));
        return new OnnxOperator("Concat", maximum, mean).With("axis", 1);
    }

    private static OnnxOperator Lrn(LocalResponseNorm layer, OnnxLayer at)
    {
        if (layer.Size % 2 == 1)
        {
            return new OnnxOperator("LRN", at.Input)
                .With("size", layer.Size)
                .With("alpha", layer.Alpha)
                .With("beta", layer.Beta)
                .With("bias", layer.K);
        }

        // An even window has one channel more before than behind, ONNX's the other way round.
        Shape image = at.InputShape;
        string squares = at.Step("squares", new("Mul", at.Input, at.Input));
        string plane = at.Step("plane", Reshape(at, squares, new(1, image.Channels, image.Height * image.Width)));
        OnnxOperator mean = Window("AveragePool", plane, new(layer.Size, 1), 1, [layer.Size / 2, 0, (layer.Size - 1) / 2, 0]);
        string means = at.Step("means", mean.With("count_include_pad", 1));
        string scaled = at.Step("scaled", new("Mul", means, at.Constant("alpha", layer.Alpha)));
        string sum = at.Step("sum", new("Add", scaled, at.Constant("k", layer.K)));
        string power = at.Step("power", new("Pow", sum, at.Constant("beta", layer.Beta)));
        return new("Div", at.Input, at.Step("divisor", Reshape(at, power, image)));
    }

    private static OnnxOperator MulAdd(Affine layer, OnnxLayer at)
    {
        OnnxOperator scaled = new("Mul", at.Input, at.Constant("scale", layer.Scale));
        return layer.Shift == 0 ? scaled : new("Add", at.Step("scaled", scaled), at.Constant("shift", layer.Shift));
    }

    private static OnnxOperator Pad(Pad2d layer, OnnxLayer at)
    {
        Padding padding = layer.Padding;
        long[] near = [0, padding.Top, padding.Left];
        long[] far = [0, padding.Bottom, padding.Right];
        return layer.Mode switch
        {
            PaddingMode.Zeros => Pad(at, near, far),
            PaddingMode.Constant => Pad(at, near, far, value: layer.Value),
            PaddingMode.Reflect => Pad(at, near, far, "reflect"),
            PaddingMode.Replicate => Pad(at, near, far, "edge"),
            PaddingMode.Circular => Wrap(padding, at),
            _ => throw Errors.LayerNotInOnnx(at.Name, $"{at.Layer.Kind} {layer.Mode}"),
        };
    }

    /// <summary>The opset has no circular padding: rows and columns are gathered, some of them twice.</summary>
    private static OnnxOperator Wrap(Padding padding, OnnxLayer at)
    {
        (int height, int width) = (at.InputShape.Height, at.InputShape.Width);
        string rows = at.Step("rows", Wrapped("rowIndices", at.Input, axis: 2, padding.Top, height, padding.Bottom));
        return Wrapped("columnIndices", rows, axis: 3, padding.Left, width, padding.Right);

        OnnxOperator Wrapped(string name, string input, int axis, int near, int size, int far)
        {
            long[] indices = [.. Enumerable.Range(size - near, near + size + far).Select(i => (long)i % size)];
            return Gather(input, at.Constant(name, indices, indices.Length), axis);
        }
    }

    /// <summary>One after the other, as the executor does it.</summary>
    private static OnnxOperator Chain(string type, OnnxLayer at)
    {
        OnnxOperator last = at.Inputs.Count == 1 ? new("Identity", at.Input) : new(type, at.Inputs[0], at.Inputs[1]);
        for (int i = 2; i < at.Inputs.Count; i++)
        {
            last = new(type, at.Step($"{i}", last), at.Inputs[i]);
        }

        return last;
    }

    private static string[] WithWeights(OnnxLayer at, bool bias) =>
        bias ? [at.Input, at.Weight("weight"), at.Weight("bias")] : [at.Input, at.Weight("weight")];

    /// <param name="near">What is added before (channels, height, width).</param>
    private static OnnxOperator Pad(OnnxLayer at, long[] near, long[] far, string mode = "constant", double value = 0)
    {
        string pads = at.Constant("pads", [0, .. near, 0, .. far], 8);
        return mode == "constant"
            ? new("Pad", at.Input, pads, at.Constant("value", value))
            : new OnnxOperator("Pad", at.Input, pads).With("mode", mode);
    }

    private static OnnxOperator Window(string type, string input, Pair kernel, Pair stride, long[] pads) =>
        new OnnxOperator(type, input).With("kernel_shape", kernel).With("strides", stride).With("pads", pads);

    private static OnnxOperator Gather(string input, string indices, int axis) =>
        new OnnxOperator("Gather", input, indices).With("axis", axis);

    /// <summary>The size 0 stands for the batch's, which stays.</summary>
    private static OnnxOperator Reshape(OnnxLayer at, string input, Shape to)
    {
        long[] sizes = to.WithBatch(0);
        return new("Reshape", input, at.Constant("shape", sizes, sizes.Length));
    }

    private static long[] Pads(Pair near, Pair far) => [near.Vertical, near.Horizontal, far.Vertical, far.Horizontal];
}
