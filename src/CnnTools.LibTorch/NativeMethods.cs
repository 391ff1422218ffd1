using System.Runtime.InteropServices;

namespace CnnTools.LibTorch;

/// <summary>
/// The functions of src/native/api.h, which documents them. All that return an int give a status (see
/// <see cref="NativeStatus"/>) unless said otherwise.
/// </summary>
internal static partial class NativeMethods
{
    internal const string Library = "cnntorch";

    // runtime.cpp

    [LibraryImport(Library, EntryPoint = "cnn_last_error")]
    internal static partial nint LastError();

    [LibraryImport(Library, EntryPoint = "cnn_live_handles")]
    internal static partial long LiveHandles();

    [LibraryImport(Library, EntryPoint = "cnn_set_threads")]
    internal static partial int SetThreads(int count);

    /// <returns>The count.</returns>
    [LibraryImport(Library, EntryPoint = "cnn_get_threads")]
    internal static partial int GetThreads();

    [LibraryImport(Library, EntryPoint = "cnn_device_count")]
    internal static partial int DeviceCount(int type, out int count);

    [LibraryImport(Library, EntryPoint = "cnn_device_info")]
    internal static partial int DeviceInfo(
        int type, int index, Span<byte> name, int capacity, out long total, out long free);

    [LibraryImport(Library, EntryPoint = "cnn_peak_memory")]
    internal static partial int PeakMemory(int type, int index, out long bytes);

    // precision.cpp

    [LibraryImport(Library, EntryPoint = "cnn_supports_precision")]
    internal static partial int SupportsPrecision(int type, int index, int precision, out int supported);

    [LibraryImport(Library, EntryPoint = "cnn_set_numeric_mode")]
    internal static partial int SetNumericMode(int allowTf32, int deterministic);

    [LibraryImport(Library, EntryPoint = "cnn_set_autocast")]
    internal static partial int SetAutocast(int type, int index, int enabled, out int previous);

    // tensors.cpp

    [LibraryImport(Library, EntryPoint = "cnn_from_floats")]
    internal static partial int FromFloats(
        ReadOnlySpan<float> values, ReadOnlySpan<long> sizes, int dims, int deviceType, int deviceIndex,
        out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_from_bytes")]
    internal static partial int FromBytes(
        ReadOnlySpan<byte> values, ReadOnlySpan<long> sizes, int dims, int deviceType, int deviceIndex,
        out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_from_indices")]
    internal static partial int FromIndices(
        ReadOnlySpan<long> values, long count, int deviceType, int deviceIndex, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_zeros")]
    internal static partial int Zeros(
        ReadOnlySpan<long> sizes, int dims, int deviceType, int deviceIndex, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_copy")]
    internal static partial int Copy(
        TensorHandle source, int deviceType, int deviceIndex, int layout, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_tensor_info")]
    internal static partial int TensorInfo(
        TensorHandle tensor, Span<long> sizes, out int dims, out int elementType, out int deviceType,
        out int deviceIndex);

    [LibraryImport(Library, EntryPoint = "cnn_read")]
    internal static partial int Read(TensorHandle source, Span<float> destination, long count);

    [LibraryImport(Library, EntryPoint = "cnn_write")]
    internal static partial int Write(TensorHandle destination, ReadOnlySpan<float> values, long count);

    [LibraryImport(Library, EntryPoint = "cnn_read_scalar")]
    internal static partial int ReadScalar(TensorHandle source, out float value);

    [LibraryImport(Library, EntryPoint = "cnn_free")]
    internal static partial int Free(nint handle);

    // layers.cpp

    [LibraryImport(Library, EntryPoint = "cnn_conv2d")]
    internal static partial int Conv2d(
        TensorHandle input, TensorHandle weight, TensorHandle bias, int strideV, int strideH, int paddingV,
        int paddingH, int dilationV, int dilationH, int groups, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_to_float")]
    internal static partial int ToFloat(TensorHandle input, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_pad2d")]
    internal static partial int Pad2d(
        TensorHandle input, int top, int bottom, int left, int right, int mode, float value, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_max_pool2d")]
    internal static partial int MaxPool2d(
        TensorHandle input, int kernelV, int kernelH, int strideV, int strideH, int paddingV, int paddingH,
        int ceilMode, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_conv2d_max_pool_relu")]
    internal static partial int Conv2dMaxPoolReLU(
        TensorHandle input, TensorHandle weight, TensorHandle bias, int paddingV, int paddingH, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_avg_pool2d")]
    internal static partial int AvgPool2d(
        TensorHandle input, int kernelV, int kernelH, int strideV, int strideH, int paddingV, int paddingH,
        int ceilMode, int countPadding, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_adaptive_avg_pool2d")]
    internal static partial int AdaptiveAvgPool2d(TensorHandle input, int height, int width, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_adaptive_max_pool2d")]
    internal static partial int AdaptiveMaxPool2d(TensorHandle input, int height, int width, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_local_response_norm")]
    internal static partial int LocalResponseNorm(
        TensorHandle input, int size, double alpha, double beta, double k, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_batch_norm2d")]
    internal static partial int BatchNorm2d(
        TensorHandle input, TensorHandle weight, TensorHandle bias, TensorHandle runningMean,
        TensorHandle runningVariance, int training, double momentum, double epsilon, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_linear")]
    internal static partial int Linear(
        TensorHandle input, TensorHandle weight, TensorHandle bias, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_activate")]
    internal static partial int Activate(TensorHandle input, int activation, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_dropout")]
    internal static partial int Dropout(
        TensorHandle input, double probability, GeneratorHandle generator, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_flatten")]
    internal static partial int Flatten(TensorHandle input, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_concat")]
    internal static partial int Concat(
        ReadOnlySpan<nint> inputs, int count, int dimension, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_add")]
    internal static partial int Add(TensorHandle left, TensorHandle right, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_multiply")]
    internal static partial int Multiply(TensorHandle left, TensorHandle right, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_affine")]
    internal static partial int Affine(TensorHandle input, double scale, double shift, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_max")]
    internal static partial int Max(TensorHandle input, int dimension, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_mean")]
    internal static partial int Mean(TensorHandle input, int dimension, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_reshape")]
    internal static partial int Reshape(
        TensorHandle input, ReadOnlySpan<long> sizes, int dims, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_pad_channels")]
    internal static partial int PadChannels(TensorHandle input, int before, int after, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_softmax")]
    internal static partial int Softmax(TensorHandle input, int dimension, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_cross_entropy")]
    internal static partial int CrossEntropy(
        TensorHandle logits, TensorHandle labels, double labelSmoothing, TensorHandle classWeights, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_count_correct")]
    internal static partial int CountCorrect(TensorHandle logits, TensorHandle labels, out int count);

    // autograd.cpp

    [LibraryImport(Library, EntryPoint = "cnn_set_grad_enabled")]
    internal static partial int SetGradEnabled(int enabled, out int previous);

    [LibraryImport(Library, EntryPoint = "cnn_require_gradient")]
    internal static partial int RequireGradient(TensorHandle tensor, int required);

    [LibraryImport(Library, EntryPoint = "cnn_backward")]
    internal static partial int Backward(TensorHandle loss);

    [LibraryImport(Library, EntryPoint = "cnn_get_gradient")]
    internal static partial int GetGradient(TensorHandle tensor, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_clear_gradients")]
    internal static partial int ClearGradients(ReadOnlySpan<nint> tensors, int count);

    [LibraryImport(Library, EntryPoint = "cnn_clip_gradient_norm")]
    internal static partial int ClipGradientNorm(ReadOnlySpan<nint> tensors, int count, double most, out double norm);

    [LibraryImport(Library, EntryPoint = "cnn_clip_gradient_values")]
    internal static partial int ClipGradientValues(ReadOnlySpan<nint> tensors, int count, double most);

    // optimizers.cpp

    [LibraryImport(Library, EntryPoint = "cnn_sgd_step")]
    internal static partial int SgdStep(
        ReadOnlySpan<nint> parameters, ReadOnlySpan<nint> momentumBuffers, int count, double learningRate,
        double momentum, int nesterov, double weightDecay);

    [LibraryImport(Library, EntryPoint = "cnn_adam_step")]
    internal static partial int AdamStep(
        ReadOnlySpan<nint> parameters, ReadOnlySpan<nint> firstMoments, ReadOnlySpan<nint> secondMoments, int count,
        double learningRate, double beta1, double beta2, double epsilon, double weightDecay, int decoupled, long step);

    [LibraryImport(Library, EntryPoint = "cnn_rmsprop_step")]
    internal static partial int RmsPropStep(
        ReadOnlySpan<nint> parameters, ReadOnlySpan<nint> squareAverages, ReadOnlySpan<nint> momentumBuffers,
        int count, double learningRate, double alpha, double epsilon, double weightDecay, double momentum);

    [LibraryImport(Library, EntryPoint = "cnn_average")]
    internal static partial int Average(ReadOnlySpan<nint> averages, ReadOnlySpan<nint> values, int count, double decay);

    // data.cpp

    [LibraryImport(Library, EntryPoint = "cnn_gather_images")]
    internal static partial int GatherImages(
        TensorHandle images, ReadOnlySpan<long> indices, long count, TensorHandle lookup, int layout,
        out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_gather_labels")]
    internal static partial int GatherLabels(
        TensorHandle labels, ReadOnlySpan<long> indices, long count, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_select_rows")]
    internal static partial int SelectRows(
        TensorHandle input, ReadOnlySpan<long> indices, long count, out TensorHandle result);

    // augmentation.cpp

    [LibraryImport(Library, EntryPoint = "cnn_select_pixels")]
    internal static partial int SelectPixels(
        TensorHandle images, ReadOnlySpan<long> indices, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, long count,
        int height, int width, int fill, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_put_images")]
    internal static partial int PutImages(TensorHandle images, ReadOnlySpan<long> indices, long count, TensorHandle part);

    [LibraryImport(Library, EntryPoint = "cnn_count_bytes")]
    internal static partial int CountBytes(TensorHandle images, Span<long> counts, long capacity);

    [LibraryImport(Library, EntryPoint = "cnn_map_bytes")]
    internal static partial int MapBytes(TensorHandle images, ReadOnlySpan<byte> tables, long count, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_blend_images")]
    internal static partial int BlendImages(
        TensorHandle images, ReadOnlySpan<double> ratios, long count, int partner, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_shift_hue")]
    internal static partial int ShiftHue(
        TensorHandle images, ReadOnlySpan<double> shifts, long count, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_warp_images")]
    internal static partial int WarpImages(
        TensorHandle images, ReadOnlySpan<float> matrices, long count, int bilinear, int fill, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_resize_crops")]
    internal static partial int ResizeCrops(
        TensorHandle images, ReadOnlySpan<long> boxes, long count, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_erase_boxes")]
    internal static partial int EraseBoxes(TensorHandle images, ReadOnlySpan<long> boxes, long count, float value);

    // whitening.cpp

    [LibraryImport(Library, EntryPoint = "cnn_add_moments")]
    internal static partial int AddMoments(TensorHandle images, Span<double> sums, Span<double> products, long size);

    [LibraryImport(Library, EntryPoint = "cnn_eigen_symmetric")]
    internal static partial int EigenSymmetric(Span<double> matrix, Span<double> values, long size);

    // random.cpp

    [LibraryImport(Library, EntryPoint = "cnn_create_generator")]
    internal static partial int CreateGenerator(int deviceType, int deviceIndex, ulong seed, out GeneratorHandle result);

    [LibraryImport(Library, EntryPoint = "cnn_get_generator_state")]
    internal static partial int GetGeneratorState(
        GeneratorHandle generator, Span<byte> state, long capacity, out long length);

    [LibraryImport(Library, EntryPoint = "cnn_set_generator_state")]
    internal static partial int SetGeneratorState(GeneratorHandle generator, ReadOnlySpan<byte> state, long length);
}
