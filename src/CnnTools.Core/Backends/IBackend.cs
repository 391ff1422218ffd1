namespace CnnTools.Backends;

/// <summary>
/// The seam between the product and a tensor library: the operations that everything else is written in. No method
/// knows of networks or training. Shapes are (N, C, H, W) for images and (N, F) for features; pairs are
/// (vertical, horizontal).
/// </summary>
/// <remarks>
/// Every failure is a <see cref="CnnException"/>; a tensor that was disposed, or that another backend made, is one too.
/// Tensors may be used from any thread, but scopes and gradient recording belong to the thread that opened them.
/// Operations never use a global random generator.
/// </remarks>
public interface IBackend
{
    BackendInfo Info { get; }

    /// <summary>The devices that are there; cpu is the first.</summary>
    IReadOnlyList<DeviceInfo> GetDevices();

    /// <summary>How many threads one operation on the CPU may use. Process-wide, the BLAS library's count included.</summary>
    int Threads { get; set; }

    /// <summary>Native tensors and generators alive in this process; for leak tests.</summary>
    long LiveHandles { get; }

    /// <summary>The most bytes that have been in use on the device in this process (on the CPU: resident memory).</summary>
    long GetPeakMemory(Device device);

    /// <summary>
    /// Opens a scope on this thread: tensors made until it is disposed are freed with it. Scopes nest.
    /// </summary>
    /// <param name="recordGradients">False: nothing made inside can be differentiated, which saves time and memory.</param>
    ITensorScope BeginScope(bool recordGradients);

    /// <summary>Whether a device has the arithmetic of a precision, so that it gains by it; float32 it has always.</summary>
    bool Supports(Device device, Precision precision);

    /// <summary>What CUDA devices may do with float32. Process-wide; the default until it is set.</summary>
    NumericMode NumericMode { get; set; }

    /// <summary>
    /// Until it is disposed, convolutions and linear layers of this thread are computed in bfloat16 on devices of this one's
    /// type, and give bfloat16; what follows takes either (autocast). Their weights, and all gradients of weights, are float32.
    /// Where the backend says <see cref="BackendCapabilities.MixedPrecision"/>.
    /// </summary>
    IDisposable BeginMixedPrecision(Device device);

    // Making, moving and reading tensors

    /// <summary>A new float32 tensor with these values, row by row.</summary>
    Tensor FromFloats(ReadOnlySpan<float> values, ReadOnlySpan<long> sizes, Device device);

    /// <summary>A new uint8 tensor with these values, row by row.</summary>
    Tensor FromBytes(ReadOnlySpan<byte> values, ReadOnlySpan<long> sizes, Device device);

    /// <summary>A new one-dimensional int64 tensor.</summary>
    Tensor FromIndices(ReadOnlySpan<long> values, Device device);

    /// <summary>A new float32 tensor of zeros.</summary>
    Tensor Zeros(ReadOnlySpan<long> sizes, Device device);

    /// <summary>A copy that shares nothing with its source: no memory, no gradient history.</summary>
    Tensor Copy(Tensor source, Device device, MemoryLayout layout = MemoryLayout.Contiguous);

    /// <summary>Reads float32 values, row by row whatever the layout. The span's length must be the tensor's count.</summary>
    void Read(Tensor source, Span<float> destination);

    /// <summary>Reads a tensor of one float32 value. Waits for the device.</summary>
    float ReadScalar(Tensor source);

    /// <summary>Overwrites a float32 tensor in place, row by row; its layout and gradient flag stay.</summary>
    void Write(Tensor destination, ReadOnlySpan<float> values);

    // Layers

    /// <summary>2-D cross-correlation. Weight: (out, in / groups, kernel height, kernel width); bias: (out).</summary>
    Tensor Conv2d(Tensor input, Tensor weight, Tensor? bias, in ConvolutionGeometry geometry);

    /// <summary>The values in float32, as which alone they can be read; differentiable.</summary>
    Tensor ToFloat(Tensor input);

    /// <summary>Pads height and width; <paramref name="value"/> counts for <see cref="PaddingMode.Constant"/> only.</summary>
    Tensor Pad2d(Tensor input, in Padding padding, PaddingMode mode, float value);

    /// <summary>Maximum over each window; padding counts as minus infinity.</summary>
    Tensor MaxPool2d(Tensor input, in PoolingGeometry geometry);

    /// <summary>
    /// ReLU of 2x2 max pooling of a convolution of stride 1, in one pass; on the CPU, where the backend says
    /// <see cref="BackendCapabilities.FusedConvolutionPooling"/>. Weight and bias as for <see cref="Conv2d"/>.
    /// </summary>
    Tensor Conv2dMaxPoolReLU(Tensor input, Tensor weight, Tensor? bias, Pair padding);

    /// <summary>Mean over each window.</summary>
    /// <param name="countPadding">Whether padded zeros count in the mean, as PyTorch's default has it.</param>
    Tensor AvgPool2d(Tensor input, in PoolingGeometry geometry, bool countPadding);

    /// <summary>Means over a grid of windows that gives this output size whatever the input's.</summary>
    Tensor AdaptiveAvgPool2d(Tensor input, Pair outputSize);

    /// <summary>Maxima over the same grid of windows.</summary>
    Tensor AdaptiveMaxPool2d(Tensor input, Pair outputSize);

    /// <summary>
    /// Local response normalisation across channels: input / (k + alpha · m)^beta, where m is the mean of the squares of
    /// the <paramref name="size"/> channels around; those beyond the first and the last count as zeros.
    /// </summary>
    Tensor LocalResponseNorm(Tensor input, int size, double alpha, double beta, double k);

    /// <summary>
    /// Batch normalisation over (N, H, W). Training: uses the batch's statistics and moves the running ones in place
    /// (variance unbiased); else uses the running ones. Weight and bias: (C).
    /// </summary>
    Tensor BatchNorm2d(
        Tensor input, Tensor? weight, Tensor? bias, Tensor runningMean, Tensor runningVariance, bool training,
        double momentum, double epsilon);

    /// <summary>input · weightᵀ + bias. Weight: (out, in); bias: (out).</summary>
    Tensor Linear(Tensor input, Tensor weight, Tensor? bias);

    Tensor Activate(Tensor input, Activation activation);

    /// <summary>Inverted dropout: zeroes with this probability, divides the rest by 1 - probability.</summary>
    Tensor Dropout(Tensor input, double probability, IGenerator generator);

    /// <summary>(N, ...) to (N, F), in (C, H, W) order whatever the layout.</summary>
    Tensor Flatten(Tensor input);

    Tensor Concat(IReadOnlyList<Tensor> inputs, int dimension);

    Tensor Add(Tensor left, Tensor right);

    /// <summary>Elementwise product; sizes of 1 are broadcast.</summary>
    Tensor Multiply(Tensor left, Tensor right);

    /// <summary>scale · input + shift.</summary>
    Tensor Affine(Tensor input, double scale, double shift);

    /// <summary>The maximum over one dimension, which stays with size 1; of equal maxima the first has the gradient.</summary>
    Tensor Max(Tensor input, int dimension);

    /// <summary>The mean over one dimension, which stays with size 1.</summary>
    Tensor Mean(Tensor input, int dimension);

    /// <summary>The same values, row by row whatever the layout, with other sizes.</summary>
    Tensor Reshape(Tensor input, ReadOnlySpan<long> sizes);

    /// <summary>Channels of zeros before and behind those of (N, C, H, W).</summary>
    Tensor PadChannels(Tensor input, int before, int after);

    Tensor Softmax(Tensor input, int dimension);

    /// <summary>
    /// Mean cross entropy of logits (N, classes) against labels (N, int64), a scalar tensor.
    /// </summary>
    /// <param name="classWeights">(classes): the mean is weighted then, each row by the weight of its label.</param>
    Tensor CrossEntropy(Tensor logits, Tensor labels, double labelSmoothing = 0, Tensor? classWeights = null);

    /// <summary>How many rows of the logits have their maximum at the label.</summary>
    int CountCorrect(Tensor logits, Tensor labels);

    // Gradients

    /// <summary>
    /// Marks a tensor, whose gradient <see cref="Backward"/> shall compute. A leaf, which was computed from nothing, can be
    /// unmarked again.
    /// </summary>
    void RequireGradient(Tensor tensor, bool required);

    /// <summary>Adds the gradient of a scalar tensor to every marked tensor that it was computed from.</summary>
    void Backward(Tensor loss);

    /// <summary>A copy of a marked tensor's gradient; null before the first backward pass.</summary>
    Tensor? GetGradient(Tensor tensor);

    void ClearGradients(IReadOnlyList<Tensor> tensors);

    /// <summary>
    /// Scales all gradients by one factor where their common 2-norm is above this, as torch.nn.utils.clip_grad_norm_; gives
    /// the norm that they had. Waits for the device.
    /// </summary>
    double ClipGradientNorm(IReadOnlyList<Tensor> tensors, double most);

    /// <summary>Puts every value of the gradients between -most and most, as torch.nn.utils.clip_grad_value_.</summary>
    void ClipGradientValues(IReadOnlyList<Tensor> tensors, double most);

    // Optimizer steps: fused over all tensors, in place, from the gradients that Backward left. Parameters that have no
    // gradient stay as they are. State tensors have their parameter's sizes and start as zeros.

    /// <summary>Stochastic gradient descent as torch.optim.SGD (dampening 0); momentum buffers only where momentum is not 0.</summary>
    void SgdStep(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> momentumBuffers, in SgdStep step);

    /// <summary>torch.optim.Adam or, with decoupled decay, torch.optim.AdamW.</summary>
    void AdamStep(
        IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> firstMoments, IReadOnlyList<Tensor> secondMoments,
        in AdamStep step);

    /// <summary>torch.optim.RMSprop (not centred); momentum buffers only where momentum is not 0.</summary>
    void RmsPropStep(
        IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> squareAverages, IReadOnlyList<Tensor> momentumBuffers,
        in RmsPropStep step);

    /// <summary>averages = decay · averages + (1 - decay) · values, in place; exactly the values where decay is 0.</summary>
    void Average(IReadOnlyList<Tensor> averages, IReadOnlyList<Tensor> values, double decay);

    // Data that lives on the device

    /// <summary>
    /// Gathers images (M, C, H, W; uint8) by index into a float32 batch (N, C, H, W), each value replaced by
    /// lookup[channel, value]: scaling and normalisation in one exact table.
    /// </summary>
    /// <param name="lookup">(C, 256), float32, on the images' device.</param>
    Tensor GatherImages(Tensor images, ReadOnlySpan<long> indices, Tensor lookup, MemoryLayout layout);

    /// <summary>Gathers int64 labels (M) by index into (N).</summary>
    Tensor GatherLabels(Tensor labels, ReadOnlySpan<long> indices);

    /// <summary>Rows, along the first dimension, by index; images keep their layout.</summary>
    Tensor SelectRows(Tensor input, ReadOnlySpan<long> indices);

    // Batches of bytes (N, C, H, W; uint8), each image changed with numbers of its own, as torchvision 0.14.1's functional
    // transforms change tensors of bytes. Results are new batches but where it says in place.

    /// <summary>
    /// Images by index, their pixels by row and column: out[n, c, y, x] = images[indices[n], c, rows[n, y], columns[n, x]],
    /// and <paramref name="fill"/> where the row or the column is -1.
    /// </summary>
    /// <param name="images">(M, C, H, W; uint8).</param>
    /// <param name="rows">(N, rows of the result), one image after the other; <paramref name="columns"/> likewise.</param>
    Tensor SelectPixels(Tensor images, ReadOnlySpan<long> indices, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, byte fill);

    /// <summary>Replaces the images at these indices, in place.</summary>
    void PutImages(Tensor images, ReadOnlySpan<long> indices, Tensor part);

    /// <summary>How often each value stands in each plane: (N, C, 256), row by row. Waits for the device.</summary>
    long[] CountBytes(Tensor images);

    /// <summary>Each plane through a table of its own.</summary>
    /// <param name="tables">(N, C, 256).</param>
    Tensor MapBytes(Tensor images, ReadOnlySpan<byte> tables);

    /// <summary>ratio · image + (1 - ratio) · partner, cut to 0 to 255: brightness, contrast, saturation, sharpness.</summary>
    Tensor BlendImages(Tensor images, ReadOnlySpan<double> ratios, BlendPartner partner);

    /// <summary>Turns the hue of images of three channels by a share of the circle, -0.5 to 0.5.</summary>
    Tensor ShiftHue(Tensor images, ReadOnlySpan<double> shifts);

    /// <summary>
    /// out(x, y) = image(a·x + b·y + c, d·x + e·y + f), counted from the image's middle, and <paramref name="fill"/> outside.
    /// </summary>
    /// <param name="matrices">a to f of each image.</param>
    Tensor WarpImages(Tensor images, ReadOnlySpan<float> matrices, Interpolation interpolation, byte fill);

    /// <summary>A box of each image, scaled to the image's size, bilinearly and without smoothing.</summary>
    /// <param name="boxes">Top, left, height and width of each, within the image.</param>
    Tensor ResizeCrops(Tensor images, ReadOnlySpan<long> boxes);

    /// <summary>Sets a box of each image of a float32 batch, of any layout, to a value, in place.</summary>
    /// <param name="boxes">Top, left, height and width of each; what hangs over the edge is cut off, and none has no height.</param>
    void EraseBoxes(Tensor images, ReadOnlySpan<long> boxes, float value);

    // Statistics, in double precision

    /// <summary>
    /// Adds the sums of images (N, C, H, W; uint8), place by place, and the sums of the products of any two places. They are
    /// exact, in whatever parts the images come.
    /// </summary>
    /// <param name="sums">(C·H·W).</param>
    /// <param name="products">(C·H·W, C·H·W).</param>
    void AddMoments(Tensor images, Span<double> sums, Span<double> products);

    /// <summary>The eigenvalues of a symmetric matrix, the smallest first; its rows become their eigenvectors of length 1.</summary>
    /// <param name="matrix">(n, n).</param>
    double[] EigenSymmetric(Span<double> matrix);

    /// <summary>A random generator of its own on the device.</summary>
    IGenerator CreateGenerator(Device device, ulong seed);
}

/// <summary>What a backend is, and what it can do beyond the required.</summary>
/// <param name="Name">The name by which a build chooses it.</param>
/// <param name="LibraryVersion">The version of the libtorch that it runs on.</param>
public sealed record BackendInfo(string Name, string LibraryVersion, string BuiltFor, BackendCapabilities Capabilities);

[Flags]
public enum BackendCapabilities
{
    None = 0,
    ChannelsLast = 1,
    MixedPrecision = 2,
    GraphCapture = 4,

    /// <summary><see cref="IBackend.Conv2dMaxPoolReLU"/>, on the CPU.</summary>
    FusedConvolutionPooling = 8,
}

/// <summary>Tensors made on this thread since it was opened; disposing it frees all that were not kept.</summary>
public interface ITensorScope : IDisposable
{
    /// <summary>Takes a tensor out of the scope: it outlives it and its caller owns it.</summary>
    Tensor Keep(Tensor tensor);
}

/// <summary>A random generator whose state can be saved and set again.</summary>
public interface IGenerator : IDisposable
{
    byte[] GetState();

    void SetState(ReadOnlySpan<byte> state);
}
