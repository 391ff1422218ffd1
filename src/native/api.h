// The flat C ABI between CnnTools.LibTorch and libtorch, libpng and libjpeg-turbo. Nothing of C++ crosses it: tensors and generators are 64-bit
// handles, sizes are arrays, and no exception leaves a function.
//
// Every function that returns int gives CNN_OK or the kind of failure; the words are in cnn_last_error() of the same
// thread. Shapes are (N, C, H, W) for images and (N, F) for features; pairs are (vertical, horizontal). A result is
// a new handle in *out, which its caller frees; out is untouched on failure.
//
// A null pointer is an error, except that an array may be null where its count is 0. A handle that is null, freed, of
// the other kind or no handle at all is CNN_INVALID_HANDLE. What cannot be checked is whether an array is as long as
// its count says.
#pragma once

#include <cstdint>

#define CNN_API extern "C" __attribute__((visibility("default")))

/// A tensor or a generator. 0 is none; where a parameter may be 0, its comment says so.
using cnn_handle = int64_t;

enum cnn_status : int {
  CNN_OK = 0,
  CNN_FAILED = 1,
  CNN_INVALID_HANDLE = 2,
  CNN_OUT_OF_MEMORY = 3,
  CNN_BAD_IMAGE = 4,          // broken or cut short
  CNN_UNSUPPORTED_IMAGE = 5,  // whole, for all that is known, but of a kind that is not read or written here
  CNN_IMAGE_TOO_LARGE = 6,
};

enum cnn_device_type : int { CNN_CPU = 0, CNN_CUDA = 1 };
enum cnn_element_type : int { CNN_FLOAT32 = 0, CNN_UINT8 = 1, CNN_INT64 = 2, CNN_BFLOAT16 = 3 };
enum cnn_layout : int { CNN_CONTIGUOUS = 0, CNN_CHANNELS_LAST = 1 };
enum cnn_padding_mode : int {
  CNN_PAD_ZEROS = 0,
  CNN_PAD_CONSTANT = 1,
  CNN_PAD_REFLECT = 2,
  CNN_PAD_REPLICATE = 3,
  CNN_PAD_CIRCULAR = 4,
};
enum cnn_activation : int {
  CNN_RELU = 0,
  CNN_TANH = 1,
  CNN_SIGMOID = 2,
  CNN_RELU6 = 3,
  CNN_SILU = 4,
  CNN_HARDSWISH = 5,
  CNN_HARDSIGMOID = 6,
};
enum cnn_blend_partner : int {
  CNN_BLEND_BLACK = 0,
  CNN_BLEND_MEAN = 1,     // the mean of its grey values, everywhere
  CNN_BLEND_GREY = 2,     // its grey values
  CNN_BLEND_BLURRED = 3,  // itself, smoothed by a 3x3 kernel of ones with 5 in the middle; the edge as it is
};
enum cnn_precision : int { CNN_PRECISION_FLOAT32 = 0, CNN_PRECISION_TF32 = 1, CNN_PRECISION_BFLOAT16 = 2 };
enum cnn_image_format : int { CNN_PNG = 0, CNN_JPEG = 1 };
enum cnn_image_color : int { CNN_GREY = 0, CNN_RGB = 1, CNN_PALETTE = 2 };

/// The most dimensions that cnn_tensor_info can report.
constexpr int CNN_MAX_DIMS = 8;

// runtime.cpp

/// What went wrong in this thread's last failed call.
CNN_API const char* cnn_last_error();

/// The version of the libtorch that is loaded, as it says itself.
CNN_API const char* cnn_runtime_version();

/// Tensors and generators alive, all threads together.
CNN_API int64_t cnn_live_handles();

/// Threads for one operation on the CPU, OpenBLAS included. Process-wide.
CNN_API int cnn_set_threads(int count);
CNN_API int cnn_get_threads();

/// How many devices of a type there are; 0 CUDA devices where there is no driver.
CNN_API int cnn_device_count(int type, int* count);

/// A device's name (cut to the capacity, ends with 0) and memory in bytes.
CNN_API int cnn_device_info(int type, int index, char* name, int capacity, int64_t* total, int64_t* free);

/// The most bytes in use so far: on the CPU resident memory, on CUDA what the allocator handed out.
CNN_API int cnn_peak_memory(int type, int index, int64_t* bytes);

// precision.cpp

/// Whether a device has the arithmetic of a precision.
CNN_API int cnn_supports_precision(int type, int index, int precision, int* supported);

/// Whether CUDA devices may compute float32 convolutions and matrix products in TF32, and whether an operation that has no
/// form that gives the same bits each time fails. Process-wide.
CNN_API int cnn_set_numeric_mode(int allow_tf32, int deterministic);

/// Whether convolutions and linear layers on devices of this type are computed in bfloat16 (autocast). Of this thread.
CNN_API int cnn_set_autocast(int type, int index, int enabled, int* previous);

// tensors.cpp

/// New tensors with these values, row by row. Indices are int64 with one dimension.
CNN_API int cnn_from_floats(
    const float* values, const int64_t* sizes, int dims, int device_type, int device_index, cnn_handle* out);
CNN_API int cnn_from_bytes(
    const uint8_t* values, const int64_t* sizes, int dims, int device_type, int device_index, cnn_handle* out);
CNN_API int cnn_from_indices(
    const int64_t* values, int64_t count, int device_type, int device_index, cnn_handle* out);
CNN_API int cnn_zeros(const int64_t* sizes, int dims, int device_type, int device_index, cnn_handle* out);

/// A copy without gradient history. Channels-last holds for four dimensions; other tensors become contiguous.
CNN_API int cnn_copy(cnn_handle source, int device_type, int device_index, int layout, cnn_handle* out);

/// Sizes (room for CNN_MAX_DIMS), element type and device.
CNN_API int cnn_tensor_info(
    cnn_handle tensor, int64_t* sizes, int* dims, int* element_type, int* device_type, int* device_index);

/// Reads or overwrites all values of a float32 tensor, row by row whatever its layout. The count must match.
CNN_API int cnn_read(cnn_handle source, float* destination, int64_t count);
CNN_API int cnn_write(cnn_handle destination, const float* values, int64_t count);

/// Reads a float32 tensor of one value.
CNN_API int cnn_read_scalar(cnn_handle source, float* value);

/// Frees a tensor or a generator. Any thread.
CNN_API int cnn_free(cnn_handle handle);

// layers.cpp

/// weight: (out, in / groups, kernel height, kernel width); bias: (out) or 0.
CNN_API int cnn_conv2d(
    cnn_handle input, cnn_handle weight, cnn_handle bias, int stride_v, int stride_h, int padding_v, int padding_h,
    int dilation_v, int dilation_h, int groups, cnn_handle* out);

/// ReLU behind 2x2 max pooling behind a convolution of stride 1, all in one. weight, bias as above; padding is of zeros.
/// float32 on the CPU only.
CNN_API int cnn_conv2d_max_pool_relu(
    cnn_handle input, cnn_handle weight, cnn_handle bias, int padding_v, int padding_h, cnn_handle* out);

/// In float32; itself where it is that already.
CNN_API int cnn_to_float(cnn_handle input, cnn_handle* out);
CNN_API int cnn_pad2d(
    cnn_handle input, int top, int bottom, int left, int right, int mode, float value, cnn_handle* out);
CNN_API int cnn_max_pool2d(
    cnn_handle input, int kernel_v, int kernel_h, int stride_v, int stride_h, int padding_v, int padding_h,
    int ceil_mode, cnn_handle* out);
CNN_API int cnn_avg_pool2d(
    cnn_handle input, int kernel_v, int kernel_h, int stride_v, int stride_h, int padding_v, int padding_h,
    int ceil_mode, int count_padding, cnn_handle* out);
CNN_API int cnn_adaptive_avg_pool2d(cnn_handle input, int height, int width, cnn_handle* out);
CNN_API int cnn_adaptive_max_pool2d(cnn_handle input, int height, int width, cnn_handle* out);

/// input / (k + alpha * mean of the squares of the size channels around)^beta.
CNN_API int cnn_local_response_norm(
    cnn_handle input, int size, double alpha, double beta, double k, cnn_handle* out);

/// weight, bias: (C) or 0. The running statistics (C) move in place when training.
CNN_API int cnn_batch_norm2d(
    cnn_handle input, cnn_handle weight, cnn_handle bias, cnn_handle running_mean, cnn_handle running_variance,
    int training, double momentum, double epsilon, cnn_handle* out);

/// weight: (out, in); bias: (out) or 0.
CNN_API int cnn_linear(cnn_handle input, cnn_handle weight, cnn_handle bias, cnn_handle* out);
CNN_API int cnn_activate(cnn_handle input, int activation, cnn_handle* out);
CNN_API int cnn_dropout(cnn_handle input, double probability, cnn_handle generator, cnn_handle* out);
CNN_API int cnn_flatten(cnn_handle input, cnn_handle* out);
CNN_API int cnn_concat(const cnn_handle* inputs, int count, int dimension, cnn_handle* out);
CNN_API int cnn_add(cnn_handle left, cnn_handle right, cnn_handle* out);
CNN_API int cnn_multiply(cnn_handle left, cnn_handle right, cnn_handle* out);

/// scale * input + shift.
CNN_API int cnn_affine(cnn_handle input, double scale, double shift, cnn_handle* out);

/// Over one dimension, which stays with size 1. Of equal maxima the first has the gradient.
CNN_API int cnn_max(cnn_handle input, int dimension, cnn_handle* out);
CNN_API int cnn_mean(cnn_handle input, int dimension, cnn_handle* out);

/// The same values, row by row, with other sizes.
CNN_API int cnn_reshape(cnn_handle input, const int64_t* sizes, int dims, cnn_handle* out);

/// Channels of zeros before and behind those of (N, C, H, W).
CNN_API int cnn_pad_channels(cnn_handle input, int before, int after, cnn_handle* out);
CNN_API int cnn_softmax(cnn_handle input, int dimension, cnn_handle* out);

/// Mean over the rows of logits (N, classes) against labels (N, int64); a scalar. A label out of range is an error on
/// the CPU; on CUDA libtorch finds it while it computes and the device cannot be used any more.
/// class_weights: (classes), or 0; with them it is the weighted mean, the weight of each row that of its label.
CNN_API int cnn_cross_entropy(
    cnn_handle logits, cnn_handle labels, double label_smoothing, cnn_handle class_weights, cnn_handle* out);
CNN_API int cnn_count_correct(cnn_handle logits, cnn_handle labels, int* count);

// autograd.cpp

/// Turns gradient recording of this thread on or off; gives what it was.
CNN_API int cnn_set_grad_enabled(int enabled, int* previous);

/// Marks a tensor whose gradient cnn_backward shall leave (or no longer).
CNN_API int cnn_require_gradient(cnn_handle tensor, int required);
CNN_API int cnn_backward(cnn_handle loss);

/// A copy of the gradient; 0 where there is none.
CNN_API int cnn_get_gradient(cnn_handle tensor, cnn_handle* out);
CNN_API int cnn_clear_gradients(const cnn_handle* tensors, int count);

/// Scales all gradients by one factor where their common 2-norm is above this; gives the norm that they had.
CNN_API int cnn_clip_gradient_norm(const cnn_handle* tensors, int count, double most, double* norm);

/// Puts every value of the gradients between -most and most.
CNN_API int cnn_clip_gradient_values(const cnn_handle* tensors, int count, double most);

// optimizers.cpp: in place; parameters without a gradient stay. State tensors have their parameter's sizes.

/// momentum_buffers is not read (may be null) where momentum is 0.
CNN_API int cnn_sgd_step(
    const cnn_handle* parameters, const cnn_handle* momentum_buffers, int count, double learning_rate, double momentum,
    int nesterov, double weight_decay);

/// step: 1 for the first. decoupled: AdamW's weight decay.
CNN_API int cnn_adam_step(
    const cnn_handle* parameters, const cnn_handle* first_moments, const cnn_handle* second_moments, int count,
    double learning_rate, double beta1, double beta2, double epsilon, double weight_decay, int decoupled, int64_t step);

/// momentum_buffers is not read (may be null) where momentum is 0.
CNN_API int cnn_rmsprop_step(
    const cnn_handle* parameters, const cnn_handle* square_averages, const cnn_handle* momentum_buffers, int count,
    double learning_rate, double alpha, double epsilon, double weight_decay, double momentum);

/// averages = decay * averages + (1 - decay) * values; exactly the values where decay is 0.
CNN_API int cnn_average(const cnn_handle* averages, const cnn_handle* values, int count, double decay);

// data.cpp

/// Images (M, C, H, W; uint8, contiguous) by index, through lookup (C, 256), to float32 (N, C, H, W).
CNN_API int cnn_gather_images(
    cnn_handle images, const int64_t* indices, int64_t count, cnn_handle lookup, int layout, cnn_handle* out);

/// Labels (M) by index to (N).
CNN_API int cnn_gather_labels(cnn_handle labels, const int64_t* indices, int64_t count, cnn_handle* out);

/// Rows, along the first dimension, of a tensor of any type by index; images keep their layout.
CNN_API int cnn_select_rows(cnn_handle input, const int64_t* indices, int64_t count, cnn_handle* out);

// augmentation.cpp: batches of images (N, C, H, W; uint8, contiguous), each image with numbers of its own. What they compute
// is torchvision 0.14.1's for tensors of bytes. A result is a new batch; count is N.

/// out[n, c, y, x] = images[indices[n], c, rows[n, y], columns[n, x]], and fill where the row or the column is -1. rows has
/// count * height values, columns count * width.
CNN_API int cnn_select_pixels(
    cnn_handle images, const int64_t* indices, const int32_t* rows, const int32_t* columns, int64_t count, int height,
    int width, int fill, cnn_handle* out);

/// Replaces images[indices[i]] by part[i], in place.
CNN_API int cnn_put_images(cnn_handle images, const int64_t* indices, int64_t count, cnn_handle part);

/// How often each value stands in each plane: counts has room for N * C * 256.
CNN_API int cnn_count_bytes(cnn_handle images, int64_t* counts, int64_t capacity);

/// Each plane through a table of its own: tables has N * C * 256 values.
CNN_API int cnn_map_bytes(cnn_handle images, const uint8_t* tables, int64_t count, cnn_handle* out);

/// ratio * image + (1 - ratio) * partner, cut to 0 to 255. Of one channel the grey values are the image.
CNN_API int cnn_blend_images(cnn_handle images, const double* ratios, int64_t count, int partner, cnn_handle* out);

/// Turns the hue by a share of the circle, -0.5 to 0.5. Of three channels.
CNN_API int cnn_shift_hue(cnn_handle images, const double* shifts, int64_t count, cnn_handle* out);

/// out(x, y) = image(a x + b y + c, d x + e y + f), counted from the image's middle; matrices has count * 6 values. Outside
/// the image is fill.
CNN_API int cnn_warp_images(
    cnn_handle images, const float* matrices, int64_t count, int bilinear, int fill, cnn_handle* out);

/// The boxes (top, left, height, width; count * 4) of the images, scaled to the images' size, bilinearly.
CNN_API int cnn_resize_crops(cnn_handle images, const int64_t* boxes, int64_t count, cnn_handle* out);

/// Sets boxes (the same; they may hang over the edge) of images (N, C, H, W; float32, any layout) to a value, in place.
CNN_API int cnn_erase_boxes(cnn_handle images, const int64_t* boxes, int64_t count, float value);

// whitening.cpp: in double precision, on the CPU, whatever the images' device.

/// Adds the sums (size) and the sums of products (size, size) of images (N, ...; uint8) of size values each. Of whole numbers
/// below 2^53 both are exact, in whatever parts the images come.
CNN_API int cnn_add_moments(cnn_handle images, double* sums, double* products, int64_t size);

/// The eigenvalues (size), the smallest first, of a symmetric matrix, whose rows become their eigenvectors of length 1.
CNN_API int cnn_eigen_symmetric(double* matrix, double* values, int64_t size);

// random.cpp

CNN_API int cnn_create_generator(int device_type, int device_index, uint64_t seed, cnn_handle* out);

/// The state's bytes. With capacity 0, only its length is given.
CNN_API int cnn_get_generator_state(cnn_handle generator, uint8_t* state, int64_t capacity, int64_t* length);
CNN_API int cnn_set_generator_state(cnn_handle generator, const uint8_t* state, int64_t length);

// images/*.cpp: PNG and JPEG files in memory, told apart by what they hold. Memory and time stay in proportion to the
// file: one that declares more pixels than its bytes can stand for is CNN_BAD_IMAGE before any memory is taken for them.

/// The most pixels of an image; more are CNN_IMAGE_TOO_LARGE.
constexpr int64_t CNN_MAX_PIXELS = int64_t{1} << 28;

/// What an image file says of itself.
struct cnn_image_info {
  int32_t format;
  int32_t color;
  int32_t width;  // as stored: orientations 5 to 8 exchange width and height
  int32_t height;
  int32_t bit_depth;   // of a sample, or of an index into the palette
  int32_t has_alpha;   // an alpha channel, or one transparent colour
  int32_t interlaced;  // or, of a JPEG, progressive
  int32_t orientation;  // EXIF's, 1 to 8; 1 where it says nothing
  int32_t palette_size;
  uint8_t palette[256 * 3];
};

/// Reads what stands before the pixels.
CNN_API int cnn_image_probe(const uint8_t* file, int64_t length, cnn_image_info* info);

/// The pixels as planes (C, H, W), upright: the orientation is undone. C is 1 for grey, else 3 (R, G, B); a palette is
/// looked up, alpha is left out, fewer than 8 bits are scaled to 0 to 255, and of 16 bits the upper 8 stay. capacity must
/// be C * H * W. After a failure some pixels may be written.
CNN_API int cnn_image_decode(const uint8_t* file, int64_t length, uint8_t* pixels, int64_t capacity);

/// A file from planes of 1 or 3 channels. quality: 1 to 100, for JPEG alone. The caller frees the bytes with
/// cnn_free_bytes.
CNN_API int cnn_image_encode(
    int format, const uint8_t* pixels, int channels, int height, int width, int quality, uint8_t** bytes,
    int64_t* length);
CNN_API int cnn_free_bytes(uint8_t* bytes);
