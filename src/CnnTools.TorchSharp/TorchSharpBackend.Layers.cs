using CnnTools.Backends;
using TorchSharp;
using static TorchSharp.torch.nn;
using Padding = CnnTools.Backends.Padding;

namespace CnnTools.TorchSharp;

// What networks are made of.
public sealed partial class TorchSharpBackend
{
    // What libtorch takes for no label and passes over. Its own -100 may come from faulty data, which is to be an error.
    private const long NoLabel = int.MinValue;

    public Tensor Conv2d(Tensor input, Tensor weight, Tensor? bias, in ConvolutionGeometry geometry)
    {
        (torch.Tensor images, torch.Tensor kernels, torch.Tensor? offsets) = (In(input), In(weight), InOrNone(bias));
        // What oneDNN throws over these ends the process: TorchSharp does not catch it.
        Require(geometry.IsPossible && !kernels.shape.Contains(0), $"{geometry} of a kernel ({string.Join(", ", kernels.shape)})");
        long[] stride = Both(geometry.Stride), padding = Both(geometry.Padding), dilation = Both(geometry.Dilation);
        int groups = geometry.Groups;
        return Result(() => functional.conv2d(images, kernels, offsets, stride, padding, dilation, groups));
    }

    public Tensor ToFloat(Tensor input)
    {
        torch.Tensor values = In(input);
        return Result(() => values.to(torch.ScalarType.Float32));
    }

    public Tensor Pad2d(Tensor input, in Padding padding, PaddingMode mode, float value)
    {
        Require(
            padding is { Top: >= 0, Bottom: >= 0, Left: >= 0, Right: >= 0 }, $"padding by {padding}"); // libtorch would cut instead
        torch.Tensor images = In(input);
        (long, long, long, long) sides = (padding.Left, padding.Right, padding.Top, padding.Bottom); // the last dimension first
        (PaddingModes how, float with) = mode switch
        {
            PaddingMode.Zeros => (PaddingModes.Constant, 0),
            PaddingMode.Constant => (PaddingModes.Constant, value),
            PaddingMode.Reflect => (PaddingModes.Reflect, 0),
            PaddingMode.Replicate => (PaddingModes.Replicate, 0),
            PaddingMode.Circular => (PaddingModes.Circular, 0f),
            _ => throw Errors.BackendFailed(nameof(Pad2d), $"unknown padding mode {mode}"),
        };
        return Result(() => functional.pad(images, sides, how, with));
    }

    public Tensor MaxPool2d(Tensor input, in PoolingGeometry geometry)
    {
        torch.Tensor images = In(input);
        (long, long) kernel = Of(geometry.Kernel), stride = Of(geometry.Stride), padding = Of(geometry.Padding);
        bool ceil = geometry.CeilMode;
        return Result(() => functional.max_pool2d(images, kernel, stride, padding, (1, 1), ceil));
    }

    /// <summary>TorchSharp has no such operation; see <see cref="BackendCapabilities.FusedConvolutionPooling"/>.</summary>
    public Tensor Conv2dMaxPoolReLU(Tensor input, Tensor weight, Tensor? bias, Pair padding) =>
        throw Errors.BackendFailed(nameof(Conv2dMaxPoolReLU), "TorchSharp does not join convolutions with poolings");

    public Tensor AvgPool2d(Tensor input, in PoolingGeometry geometry, bool countPadding)
    {
        torch.Tensor images = In(input);
        (long, long) kernel = Of(geometry.Kernel), stride = Of(geometry.Stride), padding = Of(geometry.Padding);
        bool ceil = geometry.CeilMode;
        return Result(() => functional.avg_pool2d(images, kernel, stride, padding, ceil, countPadding));
    }

    public Tensor AdaptiveAvgPool2d(Tensor input, Pair outputSize)
    {
        torch.Tensor images = In(input);
        return Result(() => functional.adaptive_avg_pool2d(images, Of(outputSize)));
    }

    public Tensor AdaptiveMaxPool2d(Tensor input, Pair outputSize)
    {
        torch.Tensor images = In(input);
        return Composed(_ => functional.adaptive_max_pool2d(images, Both(outputSize)));
    }

    public Tensor LocalResponseNorm(Tensor input, int size, double alpha, double beta, double k)
    {
        torch.Tensor images = In(input);
        Require(images.ndim == ImageRank && size >= 1, $"local response norm over {size} channels of a tensor of rank {images.ndim}");
        return Composed(numbers =>
        {
            // The window lies across the channels; its mean counts what hangs over.
            torch.Tensor squares = functional.pad(images.mul(images).unsqueeze(1), (long[])[0, 0, 0, 0, size / 2, (size - 1) / 2]);
            torch.Tensor means = functional.avg_pool3d(squares, [size, 1, 1], [1, 1, 1]).squeeze(1);
            return images.div(means.mul(numbers[alpha]).add(numbers[k], numbers[1L]).pow(numbers[beta]));
        });
    }

    public Tensor BatchNorm2d(
        Tensor input, Tensor? weight, Tensor? bias, Tensor runningMean, Tensor runningVariance, bool training,
        double momentum, double epsilon)
    {
        (torch.Tensor images, torch.Tensor? scale, torch.Tensor? shift) = (In(input), InOrNone(weight), InOrNone(bias));
        (torch.Tensor mean, torch.Tensor variance) = (In(runningMean), In(runningVariance));
        return Result(() => functional.batch_norm(images, mean, variance, scale, shift, training, momentum, epsilon));
    }

    public Tensor Linear(Tensor input, Tensor weight, Tensor? bias)
    {
        (torch.Tensor features, torch.Tensor rows, torch.Tensor? offsets) = (In(input), In(weight), InOrNone(bias));
        return Result(() => functional.linear(features, rows, offsets));
    }

    public Tensor Activate(Tensor input, Activation activation)
    {
        torch.Tensor values = In(input);
        return Result(() => activation switch
        {
            Activation.ReLU => values.relu(),
            Activation.Tanh => values.tanh(),
            Activation.Sigmoid => values.sigmoid(),
            Activation.ReLU6 => values.relu6(),
            Activation.SiLU => values.silu(),
            Activation.HardSwish => values.hardswish(),
            Activation.HardSigmoid => values.hardsigmoid(),
            _ => throw Errors.BackendFailed(nameof(Activate), $"unknown activation {activation}"),
        });
    }

    public Tensor Dropout(Tensor input, double probability, IGenerator generator)
    {
        if (generator is not TorchSharpGenerator own)
        {
            throw Errors.InvalidHandle(nameof(Dropout), "the generator belongs to another backend");
        }

        Require(probability is >= 0 and < 1, $"dropout with probability {probability}");
        (torch.Tensor values, torch.Generator source) = (In(input), own.Inner);
        TorchSharpTensor result = Composed(numbers =>
        {
            torch.Tensor noise = values.detach().empty_like(device: torch.CPU).bernoulli_(1 - probability, source);
            return values.mul(noise.div_(numbers[1 - probability]).to(values.device));
        });
        GC.KeepAlive(generator);
        return result;
    }

    public Tensor Flatten(Tensor input)
    {
        torch.Tensor values = In(input);
        return Result(() => values.flatten(1));
    }

    public Tensor Concat(IReadOnlyList<Tensor> inputs, int dimension)
    {
        torch.Tensor[] parts = In(inputs);
        return Result(() => torch.cat(parts, dimension));
    }

    public Tensor Add(Tensor left, Tensor right)
    {
        (torch.Tensor first, torch.Tensor second) = (In(left), In(right));
        return Composed(numbers => first.add(second, numbers[1L]));
    }

    public Tensor Multiply(Tensor left, Tensor right)
    {
        (torch.Tensor first, torch.Tensor second) = (In(left), In(right));
        return Result(() => first.mul(second));
    }

    public Tensor Affine(Tensor input, double scale, double shift)
    {
        torch.Tensor values = In(input);
        return Composed(numbers => values.mul(numbers[scale]).add(numbers[shift], numbers[1L]));
    }

    public Tensor Max(Tensor input, int dimension)
    {
        torch.Tensor values = In(input);
        return Composed(_ => values.max(dimension, keepdim: true).values);
    }

    public Tensor Mean(Tensor input, int dimension)
    {
        torch.Tensor values = In(input);
        return Result(() => values.mean([dimension], keepdim: true));
    }

    public Tensor Reshape(Tensor input, ReadOnlySpan<long> sizes)
    {
        torch.Tensor values = In(input);
        _ = CountOf(sizes, nameof(Reshape));
        long[] shape = sizes.ToArray();
        return Result(() => values.reshape(shape));
    }

    public Tensor PadChannels(Tensor input, int before, int after)
    {
        torch.Tensor images = In(input);
        Require(images.ndim == ImageRank && before >= 0 && after >= 0, $"{before} and {after} channels around a tensor of rank {images.ndim}");
        return Result(() => functional.pad(images, (long[])[0, 0, 0, 0, before, after]));
    }

    public Tensor Softmax(Tensor input, int dimension)
    {
        torch.Tensor values = In(input);
        return Result(() => functional.softmax(values, dimension));
    }

    public Tensor CrossEntropy(Tensor logits, Tensor labels, double labelSmoothing = 0, Tensor? classWeights = null)
    {
        (torch.Tensor rows, torch.Tensor wanted, torch.Tensor? weights) = (In(logits), In(labels), InOrNone(classWeights));
        RequireLabels(rows, wanted, nameof(CrossEntropy));
        Require(labelSmoothing is >= 0 and <= 1, $"label smoothing of {labelSmoothing}");
        return Result(() => functional.cross_entropy(rows, wanted, weights, NoLabel, label_smoothing: labelSmoothing));
    }

    public int CountCorrect(Tensor logits, Tensor labels)
    {
        (torch.Tensor rows, torch.Tensor wanted) = (In(logits), In(labels));
        RequireLabels(rows, wanted, nameof(CountCorrect));
        return Run(() =>
        {
            using DisposeScope between = torch.NewDisposeScope();
            return (int)rows.detach().argmax(1).eq(wanted).sum().item<long>();
        });
    }

    private static void RequireLabels(torch.Tensor logits, torch.Tensor labels, string operation) =>
        Require(
            logits.ndim == 2 && labels.ndim == 1 && logits.size(0) == labels.size(0) && labels.dtype == torch.ScalarType.Int64,
            $"logits of ({string.Join(", ", logits.shape)}) and labels of {labels.dtype} ({string.Join(", ", labels.shape)})", operation);

    private static (long Vertical, long Horizontal) Of(Pair pair) => (pair.Vertical, pair.Horizontal);

    private static long[] Both(Pair pair) => [pair.Vertical, pair.Horizontal];
}
