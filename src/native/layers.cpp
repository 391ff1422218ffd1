// What networks are made of; all of it differentiable.
#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/adaptive_max_pool2d.h>
#include <ATen/ops/add.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/avg_pool3d.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/flatten.h>
#include <ATen/ops/hardsigmoid.h>
#include <ATen/ops/hardswish.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/max.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/pad.h>
#include <ATen/ops/reflection_pad2d.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/relu6.h>
#include <ATen/ops/replication_pad2d.h>
#include <ATen/ops/reshape.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tanh.h>
#include <ATen/core/Reduction.h>

#include <array>
#include <cmath>
#include <limits>

#include "arguments.h"
#include "guard.h"
#include "handles.h"

namespace {

using cnn::keep;
using cnn::optional_tensor;
using cnn::require;
using cnn::tensor;
using Pair = std::array<int64_t, 2>;

at::Tensor pad(const at::Tensor& input, at::IntArrayRef sides, int mode, float value) {
  for (int64_t side : sides) {
    TORCH_CHECK(side >= 0, "padding by ", side);  // libtorch would cut instead
  }
  switch (mode) {
    case CNN_PAD_ZEROS: return at::constant_pad_nd(input, sides, 0);
    case CNN_PAD_CONSTANT: return at::constant_pad_nd(input, sides, value);
    case CNN_PAD_REFLECT: return at::reflection_pad2d(input, sides);
    case CNN_PAD_REPLICATE: return at::replication_pad2d(input, sides);
    case CNN_PAD_CIRCULAR: return at::pad(input, sides, "circular");
    default: TORCH_CHECK(false, "unknown padding mode ", mode);
  }
}

/// libtorch 1.13 has no backward pass of it for bfloat16 on the CPU.
at::Tensor relu_to_6(const at::Tensor& input) {
  bool lacking = input.is_cpu() && input.scalar_type() == at::kBFloat16;
  return lacking ? at::relu6(input.to(at::kFloat)).to(at::kBFloat16) : at::relu6(input);
}

at::Tensor activate(const at::Tensor& input, int activation) {
  switch (activation) {
    case CNN_RELU: return at::relu(input);
    case CNN_TANH: return at::tanh(input);
    case CNN_SIGMOID: return at::sigmoid(input);
    case CNN_RELU6: return relu_to_6(input);
    case CNN_SILU: return at::silu(input);
    case CNN_HARDSWISH: return at::hardswish(input);
    case CNN_HARDSIGMOID: return at::hardsigmoid(input);
    default: TORCH_CHECK(false, "unknown activation ", activation);
  }
}

/// As ATen's own training dropout, which takes no generator.
at::Tensor dropout(const at::Tensor& input, double probability, const at::Generator& generator) {
  TORCH_CHECK(probability >= 0 && probability < 1, "dropout with probability ", probability);
  at::Tensor noise = at::empty_like(input.detach()).bernoulli_(1 - probability, generator);
  noise.div_(1 - probability);
  return at::mul(input, noise);
}

/// As torch.nn.functional.local_response_norm: the window lies across the channels, its mean counts what hangs over.
at::Tensor local_response_norm(const at::Tensor& input, int size, double alpha, double beta, double k) {
  TORCH_CHECK(input.dim() == 4, "local response norm of ", input.sizes());
  TORCH_CHECK(size >= 1, "local response norm over ", size, " channels");
  std::array<int64_t, 6> sides{0, 0, 0, 0, size / 2, (size - 1) / 2};
  at::Tensor squares = at::constant_pad_nd(at::mul(input, input).unsqueeze(1), sides, 0);
  at::Tensor means = at::avg_pool3d(squares, {size, 1, 1}, {1, 1, 1}).squeeze(1);
  return input.div(means.mul(alpha).add(k).pow(beta));
}

void check_labels(const at::Tensor& logits, const at::Tensor& labels) {
  TORCH_CHECK(
      logits.dim() == 2 && labels.dim() == 1 && logits.size(0) == labels.size(0) && labels.scalar_type() == at::kLong,
      "logits of ", logits.sizes(), " and labels of ", labels.scalar_type(), " ", labels.sizes());
}

/// How many rows have their first maximum at the label; a NaN counts as one. What four operations of ATen's give.
int count_maxima(const at::Tensor& rows, const at::Tensor& labels) {
  const auto* value = rows.data_ptr<float>();
  const auto* label = labels.data_ptr<int64_t>();
  const int64_t classes = rows.size(1);
  TORCH_CHECK(classes > 0, "logits of ", rows.sizes());
  int count = 0;
  for (int64_t row = 0; row < rows.size(0); row++, value += classes) {
    int64_t largest = 0;
    for (int64_t i = 1; i < classes; i++) {
      if (value[i] > value[largest] || (std::isnan(value[i]) && !std::isnan(value[largest]))) {
        largest = i;
      }
    }
    count += largest == label[row];
  }
  return count;
}

/// What libtorch takes for no label and passes over. Its own -100 may come from faulty data, which is to be an error;
/// this one is as far off as its CUDA kernels can tell.
constexpr int64_t no_label = std::numeric_limits<int>::min();

}  // namespace

int cnn_conv2d(
    cnn_handle input, cnn_handle weight, cnn_handle bias, int stride_v, int stride_h, int padding_v, int padding_h,
    int dilation_v, int dilation_h, int groups, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(at::conv2d(
      tensor(input), tensor(weight), optional_tensor(bias), Pair{stride_v, stride_h}, Pair{padding_v, padding_h},
      Pair{dilation_v, dilation_h}, groups));
  CNN_END
}

int cnn_to_float(cnn_handle input, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(tensor(input).to(at::kFloat));
  CNN_END
}

int cnn_pad2d(cnn_handle input, int top, int bottom, int left, int right, int mode, float value, cnn_handle* out) {
  CNN_TRY
  require(out);
  std::array<int64_t, 4> sides{left, right, top, bottom};  // the last dimension first
  *out = keep(pad(tensor(input), sides, mode, value));
  CNN_END
}

int cnn_max_pool2d(
    cnn_handle input, int kernel_v, int kernel_h, int stride_v, int stride_h, int padding_v, int padding_h,
    int ceil_mode, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(at::max_pool2d(
      tensor(input), Pair{kernel_v, kernel_h}, Pair{stride_v, stride_h}, Pair{padding_v, padding_h},
      /*dilation=*/Pair{1, 1}, ceil_mode != 0));
  CNN_END
}

int cnn_avg_pool2d(
    cnn_handle input, int kernel_v, int kernel_h, int stride_v, int stride_h, int padding_v, int padding_h,
    int ceil_mode, int count_padding, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(at::avg_pool2d(
      tensor(input), Pair{kernel_v, kernel_h}, Pair{stride_v, stride_h}, Pair{padding_v, padding_h}, ceil_mode != 0,
      count_padding != 0));
  CNN_END
}

int cnn_adaptive_avg_pool2d(cnn_handle input, int height, int width, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(at::adaptive_avg_pool2d(tensor(input), Pair{height, width}));
  CNN_END
}

int cnn_adaptive_max_pool2d(cnn_handle input, int height, int width, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(std::get<0>(at::adaptive_max_pool2d(tensor(input), Pair{height, width})));
  CNN_END
}

int cnn_local_response_norm(cnn_handle input, int size, double alpha, double beta, double k, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(local_response_norm(tensor(input), size, alpha, beta, k));
  CNN_END
}

int cnn_batch_norm2d(
    cnn_handle input, cnn_handle weight, cnn_handle bias, cnn_handle running_mean, cnn_handle running_variance,
    int training, double momentum, double epsilon, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(at::batch_norm(
      tensor(input), optional_tensor(weight), optional_tensor(bias), tensor(running_mean), tensor(running_variance),
      training != 0, momentum, epsilon, /*cudnn_enabled=*/true));
  CNN_END
}

int cnn_linear(cnn_handle input, cnn_handle weight, cnn_handle bias, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(at::linear(tensor(input), tensor(weight), optional_tensor(bias)));
  CNN_END
}

int cnn_activate(cnn_handle input, int activation, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(activate(tensor(input), activation));
  CNN_END
}

int cnn_dropout(cnn_handle input, double probability, cnn_handle generator, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(dropout(tensor(input), probability, cnn::generator(generator)));
  CNN_END
}

int cnn_flatten(cnn_handle input, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(at::flatten(tensor(input), 1));
  CNN_END
}

int cnn_concat(const cnn_handle* inputs, int count, int dimension, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(at::cat(cnn::tensors(inputs, count), dimension));
  CNN_END
}

int cnn_add(cnn_handle left, cnn_handle right, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(at::add(tensor(left), tensor(right)));
  CNN_END
}

int cnn_multiply(cnn_handle left, cnn_handle right, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(at::mul(tensor(left), tensor(right)));
  CNN_END
}

int cnn_affine(cnn_handle input, double scale, double shift, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(at::add(at::mul(tensor(input), scale), shift));
  CNN_END
}

int cnn_max(cnn_handle input, int dimension, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(std::get<0>(at::max(tensor(input), dimension, /*keepdim=*/true)));
  CNN_END
}

int cnn_mean(cnn_handle input, int dimension, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(at::mean(tensor(input), dimension, /*keepdim=*/true));
  CNN_END
}

int cnn_reshape(cnn_handle input, const int64_t* sizes, int dims, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(at::reshape(tensor(input), cnn::shape(sizes, dims)));
  CNN_END
}

int cnn_pad_channels(cnn_handle input, int before, int after, cnn_handle* out) {
  CNN_TRY
  require(out);
  at::Tensor image = tensor(input);
  TORCH_CHECK(image.dim() == 4, "channels of ", image.sizes());
  std::array<int64_t, 6> sides{0, 0, 0, 0, before, after};
  *out = keep(pad(image, sides, CNN_PAD_ZEROS, 0));
  CNN_END
}

int cnn_softmax(cnn_handle input, int dimension, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(at::softmax(tensor(input), dimension));
  CNN_END
}

int cnn_cross_entropy(
    cnn_handle logits, cnn_handle labels, double label_smoothing, cnn_handle class_weights, cnn_handle* out) {
  CNN_TRY
  require(out);
  at::Tensor rows = tensor(logits), wanted = tensor(labels);
  check_labels(rows, wanted);
  TORCH_CHECK(label_smoothing >= 0 && label_smoothing <= 1, "label smoothing of ", label_smoothing);
  *out = keep(at::cross_entropy_loss(
      rows, wanted, optional_tensor(class_weights), at::Reduction::Mean, no_label, label_smoothing));
  CNN_END
}

int cnn_count_correct(cnn_handle logits, cnn_handle labels, int* count) {
  CNN_TRY
  require(count);
  at::Tensor rows = tensor(logits).detach();
  at::Tensor wanted = tensor(labels);
  check_labels(rows, wanted);
  *count = rows.is_cpu() && rows.scalar_type() == at::kFloat && rows.is_contiguous() && wanted.is_contiguous()
      ? count_maxima(rows, wanted)
      : static_cast<int>(rows.argmax(1).eq(wanted).sum().item<int64_t>());
  CNN_END
}
