// Batches from data that lives on the device.
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/take.h>

#include "arguments.h"
#include "devices.h"
#include "guard.h"
#include "handles.h"
#include "parallel.h"

namespace {

constexpr int64_t levels = 256;
constexpr int64_t values_worth_a_thread = 32768;

void gather_contiguous(const uint8_t* image, const float* lookup, int64_t channels, int64_t area, float* out) {
  for (int64_t c = 0; c < channels; c++, lookup += levels) {
    for (int64_t p = 0; p < area; p++) {
      *out++ = lookup[*image++];
    }
  }
}

void gather_channels_last(const uint8_t* image, const float* lookup, int64_t channels, int64_t area, float* out) {
  for (int64_t p = 0; p < area; p++) {
    for (int64_t c = 0; c < channels; c++) {
      *out++ = lookup[c * levels + image[c * area + p]];
    }
  }
}

/// One pass over the bytes, no tensors between.
at::Tensor gather_on_cpu(const at::Tensor& images, const at::Tensor& indices, const at::Tensor& lookup, int layout) {
  int64_t count = indices.numel(), channels = images.size(1), area = images.size(2) * images.size(3);
  int64_t image_size = channels * area;
  at::MemoryFormat format = cnn::memory_format(layout, 4);
  at::Tensor batch = at::empty(
      {count, channels, images.size(2), images.size(3)}, at::TensorOptions(at::kFloat).memory_format(format));
  const auto* from = images.data_ptr<uint8_t>();
  const auto* index = indices.data_ptr<int64_t>();
  const auto* table = lookup.data_ptr<float>();
  auto* to = batch.data_ptr<float>();
  auto gather = format == at::MemoryFormat::ChannelsLast ? gather_channels_last : gather_contiguous;
  int64_t grain = 1 + values_worth_a_thread / (1 + image_size);
  cnn::parallel_ranges(count, grain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      gather(from + index[i] * image_size, table, channels, area, to + i * image_size);
    }
  });
  return batch;
}

/// The same values on any device: each byte becomes its place in the flattened lookup.
at::Tensor gather_on_device(const at::Tensor& images, const at::Tensor& indices, const at::Tensor& lookup, int layout) {
  int64_t channels = images.size(1);
  at::Tensor rows = at::arange(channels, indices.options()).mul_(levels).view({1, channels, 1, 1});
  at::Tensor places = images.index_select(0, indices).to(at::kLong).add_(rows);
  return lookup.take(places).contiguous(cnn::memory_format(layout, 4));
}

}  // namespace

int cnn_gather_images(
    cnn_handle images, const int64_t* indices, int64_t count, cnn_handle lookup, int layout, cnn_handle* out) {
  CNN_TRY
  cnn::require(out);
  at::Tensor all = cnn::tensor(images);
  at::Tensor table = cnn::tensor(lookup);
  TORCH_CHECK(
      all.scalar_type() == at::kByte && all.dim() == 4 && all.is_contiguous(),
      "images must be uint8 (M, C, H, W) and contiguous");
  TORCH_CHECK(
      table.scalar_type() == at::kFloat && table.is_contiguous() && table.dim() == 2 &&
          table.size(0) == all.size(1) && table.size(1) == levels && table.device() == all.device(),
      "the lookup must be float32 (", all.size(1), ", 256) on the images' device, it is ", table.sizes());
  at::Tensor chosen = cnn::indices(indices, count, all.size(0), all.device());
  *out = cnn::keep((all.is_cpu() ? gather_on_cpu : gather_on_device)(all, chosen, table, layout));
  CNN_END
}

int cnn_gather_labels(cnn_handle labels, const int64_t* indices, int64_t count, cnn_handle* out) {
  CNN_TRY
  cnn::require(out);
  at::Tensor all = cnn::tensor(labels);
  TORCH_CHECK(all.scalar_type() == at::kLong && all.dim() == 1, "labels must be int64 with one dimension");
  *out = cnn::keep(all.index_select(0, cnn::indices(indices, count, all.size(0), all.device())));
  CNN_END
}

int cnn_select_rows(cnn_handle input, const int64_t* indices, int64_t count, cnn_handle* out) {
  CNN_TRY
  cnn::require(out);
  at::Tensor all = cnn::tensor(input);
  TORCH_CHECK(all.dim() >= 1, "a scalar has no rows");
  at::Tensor rows = all.index_select(0, cnn::indices(indices, count, all.size(0), all.device()));
  *out = cnn::keep(rows.contiguous(all.suggest_memory_format()));
  CNN_END
}
