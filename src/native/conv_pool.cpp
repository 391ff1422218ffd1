// Convolution, 2x2 max pooling and ReLU in one pass: the convolution's output is never written down, and going back
// only the one value of each window that won is followed, a quarter of the work. Dense float32 on the CPU.
#include "conv_pool_kernels.h"

#include <ATen/core/Tensor.h>  // before the others: libtorch 1.13's headers lean on it
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "arguments.h"
#include "guard.h"
#include "handles.h"
#include "parallel.h"
#include "thread_state.h"

extern const cnn::ConvPoolKernels conv_pool_baseline;
#ifdef CNN_X86_KERNELS
extern const cnn::ConvPoolKernels conv_pool_avx2;
extern const cnn::ConvPoolKernels conv_pool_avx512;
#endif

namespace cnn {

// Whoever keeps libtorch's own kernels from an instruction set (ATEN_CPU_CAPABILITY: default, avx2) means these too.
const ConvPoolKernels& conv_pool_kernels(int64_t filters) {
#ifdef CNN_X86_KERNELS
  static const bool has_avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
  static const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const char* named = std::getenv("ATEN_CPU_CAPABILITY");
  auto allows = [named](const char* capability) {
    return named == nullptr || std::strcmp(named, "avx512") == 0 || std::strcmp(named, capability) == 0;
  };
  if (has_avx512 && allows("avx512") && filters > conv_pool_avx2.lanes) {
    return conv_pool_avx512;
  }
  if (has_avx2 && allows("avx2")) {
    return conv_pool_avx2;
  }
#endif
  return conv_pool_baseline;
}

}  // namespace cnn

namespace {

using cnn::ConvPoolGeometry;
using cnn::ConvPoolKernels;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t most_values = 1 << 28;

int64_t up_to(int64_t count, int64_t whole) { return (count + whole - 1) / whole * whole; }

at::Tensor floats(at::IntArrayRef sizes) { return at::empty(sizes, at::TensorOptions(at::kFloat)); }

at::Tensor zeros(at::IntArrayRef sizes) { return at::zeros(sizes, at::TensorOptions(at::kFloat)); }

/// Calls work(range, first, last) for each of as many ranges of the images as there are threads. Which images are in
/// which range hangs on nothing else, so sums over ranges have the same bits each time.
int64_t ranges_of(int64_t images) { return std::max<int64_t>(1, std::min<int64_t>(images, cnn::threads())); }

template <class Work>
void for_each_range(int64_t images, Work&& work) {
  const int64_t ranges = ranges_of(images);
  cnn::parallel_ranges(ranges, 1, [&](int64_t begin, int64_t end) {
    for (int64_t range = begin; range < end; range++) {
      work(range, images * range / ranges, images * (range + 1) / ranges);
    }
  });
}

/// (filters, channels, kernel_v, kernel_h) to blocks of filters, as ConvPoolKernels::forward takes them.
at::Tensor pack_forward(const ConvPoolGeometry& g, const ConvPoolKernels& kernels, const float* weight) {
  const int64_t lanes = kernels.lanes, block = kernels.block_vectors * lanes;
  const int64_t taps = g.kernel_v * g.kernel_row(), area = g.kernel_v * g.kernel_h;
  at::Tensor packed = zeros({up_to(g.filters, lanes) * taps});
  auto* to = packed.data_ptr<float>();
  for (int64_t first = 0; first < g.filters; first += block) {
    const int64_t size = std::min(block, up_to(g.filters - first, lanes));
    for (int64_t filter = first; filter < std::min(first + size, g.filters); filter++) {
      for (int64_t channel = 0; channel < g.channels; channel++) {
        const float* from = weight + (filter * g.channels + channel) * area;
        for (int64_t tap = 0; tap < area; tap++) {
          to[(tap * g.channels + channel) * size + filter - first] = from[tap];
        }
      }
    }
    to += taps * size;
  }
  return packed;
}

/// How the sums of a weight lie in memory: (filters, kernel_v, kernel_row), with room behind rows and filters.
struct WeightLayout {
  int64_t row, filter;

  WeightLayout(const ConvPoolGeometry& g, int64_t lanes) : row(up_to(g.kernel_row(), lanes)), filter(g.kernel_v * row) {}

  /// Calls each(place, index in the weight itself) for all taps.
  template <class Each>
  void for_each_tap(const ConvPoolGeometry& g, Each&& each) const {
    int64_t index = 0;
    for (int64_t f = 0; f < g.filters; f++) {
      for (int64_t channel = 0; channel < g.channels; channel++) {
        for (int64_t y = 0; y < g.kernel_v; y++) {
          for (int64_t x = 0; x < g.kernel_h; x++) {
            each(f * filter + y * row + x * g.channels + channel, index++);
          }
        }
      }
    }
  }
};

int64_t padded_count(const ConvPoolGeometry& g, int64_t lanes) {
  return g.padded_height() * g.row() + lanes;  // a vector may reach over the end
}

/// An image with zeros around it; the zeros are there already.
void fill_padded(const ConvPoolGeometry& g, const float* image, float* padded) {
  const int64_t values = g.width * g.channels;
  float* to = padded + g.padding_v * g.row() + g.padding_h * g.channels;
  for (int64_t y = 0; y < g.height; y++) {
    std::memcpy(to + y * g.row(), image + y * values, static_cast<size_t>(values) * sizeof(float));
  }
}

void take_padded(const ConvPoolGeometry& g, const float* padded, float* image) {
  const int64_t values = g.width * g.channels;
  const float* from = padded + g.padding_v * g.row() + g.padding_h * g.channels;
  for (int64_t y = 0; y < g.height; y++) {
    std::memcpy(image + y * values, from + y * g.row(), static_cast<size_t>(values) * sizeof(float));
  }
}

ConvPoolGeometry geometry_of(const at::Tensor& input, const at::Tensor& weight, int64_t padding_v, int64_t padding_h) {
  return {
      input.size(1), input.size(2), input.size(3), weight.size(0), weight.size(2), weight.size(3), padding_v, padding_h};
}

/// winners: uint8 as the output is shaped, or undefined where no gradient will be asked for.
at::Tensor run_forward(
    const ConvPoolGeometry& g, const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
    at::Tensor* winners) {
  const ConvPoolKernels& kernels = cnn::conv_pool_kernels(g.filters);
  const int64_t images = input.size(0), image_size = g.height * g.width * g.channels, size = g.pooled() * g.filters;
  auto options = at::TensorOptions(at::kFloat).memory_format(at::MemoryFormat::ChannelsLast);
  at::Tensor out = at::empty({images, g.filters, g.pooled_height(), g.pooled_width()}, options);
  if (winners != nullptr) {
    *winners = at::empty_like(out, at::TensorOptions(at::kByte));
  }
  at::Tensor packed = pack_forward(g, kernels, weight.data_ptr<float>());
  at::Tensor shifts = zeros({up_to(g.filters, kernels.lanes)});
  if (bias.defined()) {
    std::memcpy(shifts.data_ptr<float>(), bias.data_ptr<float>(), static_cast<size_t>(g.filters) * sizeof(float));
  }
  const auto* from = input.data_ptr<float>();
  auto* to = out.data_ptr<float>();
  auto* places = winners == nullptr ? nullptr : winners->data_ptr<uint8_t>();
  for_each_range(images, [&](int64_t, int64_t first, int64_t last) {
    at::Tensor padded = zeros({padded_count(g, kernels.lanes)});
    auto* room = padded.data_ptr<float>();
    for (int64_t i = first; i < last; i++) {
      fill_padded(g, from + i * image_size, room);
      kernels.forward(
          g, room, packed.data_ptr<float>(), shifts.data_ptr<float>(), to + i * size,
          places == nullptr ? nullptr : places + i * size);
    }
  });
  return out;
}

/// Small kernels on one or few channels would fill vectors badly. Their patches, laid side by side, are an image for
/// kernels of 1x1.
struct Patches {
  ConvPoolGeometry of, as_points;
  bool used;

  Patches(const ConvPoolGeometry& g, int64_t lanes) : of(g), as_points(g), used(g.kernel_v * g.kernel_row() <= lanes) {
    if (used) {
      as_points.channels = lanes;
      as_points.height = g.padded_height() - g.kernel_v + 1;
      as_points.width = g.padded_width() - g.kernel_h + 1;
      as_points.kernel_v = as_points.kernel_h = 1;
      as_points.padding_v = as_points.padding_h = 0;
    }
  }

  int64_t count() const { return used ? as_points.height * as_points.row() : 0; }

  void lay_out(const float* padded, float* to) const {
    for (int64_t y = 0; y < as_points.height; y++) {
      for (int64_t x = 0; x < as_points.width; x++, to += as_points.channels) {
        const float* from = padded + y * of.row() + x * of.channels;
        for (int64_t row = 0; row < of.kernel_v; row++) {
          for (int64_t i = 0; i < of.kernel_row(); i++) {
            to[row * of.kernel_row() + i] = from[row * of.row() + i];
          }
        }
      }
    }
  }
};

/// Gradients of weight and bias, from the images and the pooled output's gradient (channels last).
std::pair<at::Tensor, at::Tensor> run_weight_gradient(
    const ConvPoolGeometry& g, const at::Tensor& input, const at::Tensor& gradient, const at::Tensor& winners) {
  const ConvPoolKernels& kernels = cnn::conv_pool_kernels(g.filters);
  const int64_t images = input.size(0), image_size = g.height * g.width * g.channels, size = g.pooled() * g.filters;
  const Patches patches(g, kernels.lanes);
  WeightLayout layout(g, kernels.lanes);
  if (patches.used) {
    layout.row = g.kernel_row();
    layout.filter = kernels.lanes;
  }
  const int64_t weight_size = g.filters * layout.filter;
  at::Tensor sums = zeros({ranges_of(images), weight_size + g.filters});
  const auto* from = input.data_ptr<float>();
  const auto* slopes = gradient.data_ptr<float>();
  const auto* places = winners.data_ptr<uint8_t>();
  for_each_range(images, [&](int64_t range, int64_t first, int64_t last) {
    at::Tensor padded = zeros({padded_count(g, kernels.lanes)}), points = zeros({patches.count()});
    at::Tensor room = floats({2 * (g.pooled() + g.filters)});
    auto* image = padded.data_ptr<float>();
    auto* weight_sum = sums.data_ptr<float>() + range * (weight_size + g.filters);
    for (int64_t i = first; i < last; i++) {
      fill_padded(g, from + i * image_size, image);
      if (patches.used) {
        patches.lay_out(image, points.data_ptr<float>());
      }
      kernels.weight_gradient(
          patches.as_points, patches.used ? points.data_ptr<float>() : image, slopes + i * size, places + i * size,
          reinterpret_cast<ConvPoolKernels::Live*>(room.data_ptr<float>()), weight_sum, weight_sum + weight_size);
    }
  });
  at::Tensor total = sums.size(0) == 1 ? sums[0] : sums.sum(0);
  at::Tensor weight = floats({g.filters, g.channels, g.kernel_v, g.kernel_h});
  at::Tensor bias = total.slice(0, weight_size).clone();
  const auto* values = total.data_ptr<float>();
  auto* to = weight.data_ptr<float>();
  layout.for_each_tap(g, [&](int64_t place, int64_t index) { to[index] = values[place]; });
  return {weight, bias};
}

at::Tensor run_input_gradient(
    const ConvPoolGeometry& g, const at::Tensor& input, const at::Tensor& weight, const at::Tensor& gradient,
    const at::Tensor& winners) {
  const ConvPoolKernels& kernels = cnn::conv_pool_kernels(g.filters);
  const int64_t images = input.size(0), image_size = g.height * g.width * g.channels, size = g.pooled() * g.filters;
  const WeightLayout layout(g, kernels.lanes);
  at::Tensor packed = zeros({g.filters * layout.filter});
  auto* taps = packed.data_ptr<float>();
  const auto* values = weight.data_ptr<float>();
  layout.for_each_tap(g, [&](int64_t place, int64_t index) { taps[place] = values[index]; });
  at::Tensor result = at::empty_like(input);
  auto* to = result.data_ptr<float>();
  const auto* slopes = gradient.data_ptr<float>();
  const auto* places = winners.data_ptr<uint8_t>();
  for_each_range(images, [&](int64_t, int64_t first, int64_t last) {
    at::Tensor padded = floats({padded_count(g, kernels.lanes)});
    at::Tensor room = at::empty({g.pooled() * (g.filters + 4)}, at::TensorOptions(at::kInt));
    auto* sum = padded.data_ptr<float>();
    for (int64_t i = first; i < last; i++) {
      std::fill_n(sum, padded_count(g, kernels.lanes), 0.f);
      kernels.input_gradient(g, taps, slopes + i * size, places + i * size, room.data_ptr<int32_t>(), sum);
      take_padded(g, sum, to + i * image_size);
    }
  });
  return result;
}

struct ConvPoolRelu : torch::autograd::Function<ConvPoolRelu> {
  static at::Tensor forward(
      AutogradContext* context, const at::Tensor& input, const at::Tensor& weight, const c10::optional<at::Tensor>& bias,
      int64_t padding_v, int64_t padding_h) {
    at::Tensor winners;
    at::Tensor shift = bias.value_or(at::Tensor());
    at::Tensor out = run_forward(geometry_of(input, weight, padding_v, padding_h), input, weight, shift, &winners);
    context->save_for_backward({input, weight, winners});
    context->saved_data["padding_v"] = padding_v;
    context->saved_data["padding_h"] = padding_h;
    context->saved_data["input"] = input.requires_grad();
    context->saved_data["weight"] = weight.requires_grad();
    context->saved_data["bias"] = shift.defined() && shift.requires_grad();
    return out;
  }

  static variable_list backward(AutogradContext* context, variable_list outputs) {
    variable_list saved = context->get_saved_variables();
    const at::Tensor &input = saved[0], &weight = saved[1], &winners = saved[2];
    auto wanted = [&](const char* name) { return context->saved_data[name].toBool(); };
    ConvPoolGeometry g = geometry_of(
        input, weight, context->saved_data["padding_v"].toInt(), context->saved_data["padding_h"].toInt());
    at::Tensor gradient = outputs[0].contiguous(at::MemoryFormat::ChannelsLast);
    variable_list inputs(5);
    if (wanted("input")) {
      inputs[0] = run_input_gradient(g, input, weight, gradient, winners);
    }
    if (wanted("weight") || wanted("bias")) {
      auto [of_weight, of_bias] = run_weight_gradient(g, input, gradient, winners);
      inputs[1] = wanted("weight") ? of_weight : at::Tensor();
      inputs[2] = wanted("bias") ? of_bias : at::Tensor();
    }
    return inputs;
  }
};

void check(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias, int padding_v, int padding_h) {
  auto dense = [](const at::Tensor& tensor) { return tensor.is_cpu() && tensor.scalar_type() == at::kFloat; };
  TORCH_CHECK(
      dense(input) && dense(weight) && (!bias.defined() || dense(bias)), "convolution with pooling is for float32 on the CPU");
  TORCH_CHECK(
      input.dim() == 4 && weight.dim() == 4 && weight.numel() > 0 && input.size(1) == weight.size(1) &&
          (!bias.defined() || (bias.dim() == 1 && bias.size(0) == weight.size(0))),
      "images of ", input.sizes(), " and weights of ", weight.sizes());
  TORCH_CHECK(padding_v >= 0 && padding_h >= 0, "padding by ", padding_v, " and ", padding_h);
  ConvPoolGeometry g = geometry_of(input, weight, padding_v, padding_h);
  // Places within an image are 32 bits.
  double padded = (g.height + 2.0 * padding_v) * (g.width + 2.0 * padding_h) * g.channels;
  TORCH_CHECK(
      padded <= most_values && g.filters <= most_values, "an image of ", input.sizes(), " padded by ", padding_v, " and ",
      padding_h, " is too large for convolution with pooling");
  TORCH_CHECK(
      g.padded_height() - g.kernel_v >= 1 && g.padded_width() - g.kernel_h >= 1, "no window of 2x2 fits into the output of ",
      weight.sizes(), " on ", input.sizes());
}

}  // namespace

int cnn_conv2d_max_pool_relu(
    cnn_handle input, cnn_handle weight, cnn_handle bias, int padding_v, int padding_h, cnn_handle* out) {
  CNN_TRY
  cnn::require(out);
  at::Tensor images = cnn::tensor(input), kernels = cnn::tensor(weight).contiguous();
  at::Tensor shift = cnn::optional_tensor(bias);
  check(images, kernels, shift, padding_v, padding_h);
  images = images.contiguous(at::MemoryFormat::ChannelsLast);
  bool records = c10::GradMode::is_enabled() &&
      (images.requires_grad() || kernels.requires_grad() || (shift.defined() && shift.requires_grad()));
  if (records) {
    *out = cnn::keep(ConvPoolRelu::apply(
        images, kernels, shift.defined() ? c10::optional<at::Tensor>(shift) : c10::nullopt, padding_v, padding_h));
  } else {
    *out = cnn::keep(run_forward(geometry_of(images, kernels, padding_v, padding_h), images, kernels, shift, nullptr));
  }
  CNN_END
}
