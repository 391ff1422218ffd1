using CnnTools.Backends;

namespace CnnTools.LibTorch;

// What networks are made of.
public sealed partial class LibTorchBackend
{
    public Tensor Conv2d(Tensor input, Tensor weight, Tensor? bias, in ConvolutionGeometry geometry)
    {
        int status = NativeMethods.Conv2d(
            In(input), In(weight), InOrNone(bias), geometry.Stride.Vertical, geometry.Stride.Horizontal,
            geometry.Padding.Vertical, geometry.Padding.Horizontal, geometry.Dilation.Vertical,
            geometry.Dilation.Horizontal, geometry.Groups, out TensorHandle result);
        return Result(status, result);
    }

    public Tensor ToFloat(Tensor input) => Result(NativeMethods.ToFloat(In(input), out TensorHandle result), result);

    public Tensor Pad2d(Tensor input, in Padding padding, PaddingMode mode, float value)
    {
        int status = NativeMethods.Pad2d(
            In(input), padding.Top, padding.Bottom, padding.Left, padding.Right, (int)mode, value,
            out TensorHandle result);
        return Result(status, result);
    }

    public Tensor MaxPool2d(Tensor input, in PoolingGeometry geometry)
    {
        int status = NativeMethods.MaxPool2d(
            In(input), geometry.Kernel.Vertical, geometry.Kernel.Horizontal, geometry.Stride.Vertical,
            geometry.Stride.Horizontal, geometry.Padding.Vertical, geometry.Padding.Horizontal,
            geometry.CeilMode ? 1 : 0, out TensorHandle result);
        return Result(status, result);
    }

    public Tensor Conv2dMaxPoolReLU(Tensor input, Tensor weight, Tensor? bias, Pair padding)
    {
        int status = NativeMethods.Conv2dMaxPoolReLU(
            In(input), In(weight), InOrNone(bias), padding.Vertical, padding.Horizontal, out TensorHandle result);
        return Result(status, result);
    }

    public Tensor AvgPool2d(Tensor input, in PoolingGeometry geometry, bool countPadding)
    {
        int status = NativeMethods.AvgPool2d(
            In(input), geometry.Kernel.Vertical, geometry.Kernel.Horizontal, geometry.Stride.Vertical,
            geometry.Stride.Horizontal, geometry.Padding.Vertical, geometry.Padding.Horizontal,
            geometry.CeilMode ? 1 : 0, countPadding ? 1 : 0, out TensorHandle result);
        return Result(status, result);
    }

    public Tensor AdaptiveAvgPool2d(Tensor input, Pair outputSize)
    {
        int status = NativeMethods.AdaptiveAvgPool2d(
            In(input), outputSize.Vertical, outputSize.Horizontal, out TensorHandle result);
        return Result(status, result);
    }

    public Tensor AdaptiveMaxPool2d(Tensor input, Pair outputSize)
    {
        int status = NativeMethods.AdaptiveMaxPool2d(
            In(input), outputSize.Vertical, outputSize.Horizontal, out TensorHandle result);
        return Result(status, result);
    }

    public Tensor LocalResponseNorm(Tensor input, int size, double alpha, double beta, double k) =>
        Result(NativeMethods.LocalResponseNorm(In(input), size, alpha, beta, k, out TensorHandle result), result);

    public Tensor BatchNorm2d(
        Tensor input, Tensor? weight, Tensor? bias, Tensor runningMean, Tensor runningVariance, bool training,
        double momentum, double epsilon)
    {
        int status = NativeMethods.BatchNorm2d(
            In(input), InOrNone(weight), InOrNone(bias), In(runningMean), In(runningVariance), training ? 1 : 0,
            momentum, epsilon, out TensorHandle result);
        return Result(status, result);
    }

    public Tensor Linear(Tensor input, Tensor weight, Tensor? bias) =>
        Result(NativeMethods.Linear(In(input), In(weight), InOrNone(bias), out TensorHandle result), result);

    public Tensor Activate(Tensor input, Activation activation) =>
        Result(NativeMethods.Activate(In(input), (int)activation, out TensorHandle result), result);

    public Tensor Dropout(Tensor input, double probability, IGenerator generator)
    {
        if (generator is not LibTorchGenerator own)
        {
            throw Errors.InvalidHandle(nameof(Dropout), "the generator belongs to another backend");
        }

        return Result(NativeMethods.Dropout(In(input), probability, own.Handle, out TensorHandle result), result);
    }

    public Tensor Flatten(Tensor input) =>
        Result(NativeMethods.Flatten(In(input), out TensorHandle result), result);

    public Tensor Concat(IReadOnlyList<Tensor> inputs, int dimension)
    {
        int status = NativeMethods.Concat(In(inputs), inputs.Count, dimension, out TensorHandle result);
        GC.KeepAlive(inputs);
        return Result(status, result);
    }

    public Tensor Add(Tensor left, Tensor right) =>
        Result(NativeMethods.Add(In(left), In(right), out TensorHandle result), result);

    public Tensor Multiply(Tensor left, Tensor right) =>
        Result(NativeMethods.Multiply(In(left), In(right), out TensorHandle result), result);

    public Tensor Affine(Tensor input, double scale, double shift) =>
        Result(NativeMethods.Affine(In(input), scale, shift, out TensorHandle result), result);

    public Tensor Max(Tensor input, int dimension) =>
        Result(NativeMethods.Max(In(input), dimension, out TensorHandle result), result);

    public Tensor Mean(Tensor input, int dimension) =>
        Result(NativeMethods.Mean(In(input), dimension, out TensorHandle result), result);

    public Tensor Reshape(Tensor input, ReadOnlySpan<long> sizes) =>
        Result(NativeMethods.Reshape(In(input), sizes, sizes.Length, out TensorHandle result), result);

    public Tensor PadChannels(Tensor input, int before, int after) =>
        Result(NativeMethods.PadChannels(In(input), before, after, out TensorHandle result), result);

    public Tensor Softmax(Tensor input, int dimension) =>
        Result(NativeMethods.Softmax(In(input), dimension, out TensorHandle result), result);

    public Tensor CrossEntropy(Tensor logits, Tensor labels, double labelSmoothing = 0, Tensor? classWeights = null)
    {
        int status = NativeMethods.CrossEntropy(
            In(logits), In(labels), labelSmoothing, InOrNone(classWeights), out TensorHandle result);
        return Result(status, result);
    }

    public int CountCorrect(Tensor logits, Tensor labels)
    {
        Check(NativeMethods.CountCorrect(In(logits), In(labels), out int count));
        return count;
    }
}
