// Batches of images changed image by image, as torchvision 0.14.1 changes tensors of bytes.
#include <ATen/TensorIndexing.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/bincount.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/fmod.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/grid_sampler_2d.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/remainder.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <vector>

#include "arguments.h"
#include "guard.h"
#include "handles.h"
#include "parallel.h"

namespace {

using at::indexing::Slice;

constexpr int64_t levels = 256;
constexpr int64_t bytes_worth_a_thread = 65536;

at::Tensor batch_of(cnn_handle handle, int64_t count) {
  at::Tensor images = cnn::tensor(handle);
  TORCH_CHECK(
      images.scalar_type() == at::kByte && images.dim() == 4 && images.is_contiguous(),
      "images must be uint8 (N, C, H, W) and contiguous");
  TORCH_CHECK(count == images.size(0), count, " images were meant, the batch has ", images.size(0));
  return images;
}

/// The planes of a batch, (N * C, H * W), of an empty batch too.
at::Tensor planes_of(const at::Tensor& images) {
  return images.view({images.size(0) * images.size(1), images.size(2) * images.size(3)});
}

/// A host array on a device; on the CPU the array itself.
template <class T>
at::Tensor values_of(const T* values, at::IntArrayRef sizes, at::ScalarType type, at::Device device) {
  return at::from_blob(const_cast<T*>(values), sizes, at::TensorOptions(type)).to(device);
}

/// One factor an image, in float32.
at::Tensor factors(const std::vector<float>& values, at::Device device) {
  return at::tensor(values).to(device).view({-1, 1, 1, 1});
}

at::Tensor to_bytes(const at::Tensor& values) { return values.clamp(0, 255).to(at::kByte); }

/// Where each pixel of a new batch comes from: an image, one of its rows, one of its columns.
struct Places {
  const int64_t* images;
  const int32_t* rows;
  const int32_t* columns;
  int64_t count, height, width;
};

void require_range(const int32_t* values, int64_t count, int64_t limit) {
  cnn::require_array(values, count);
  for (int64_t i = 0; i < count; i++) {
    TORCH_CHECK(values[i] >= -1 && values[i] < limit, "row or column ", values[i], " of ", limit);
  }
}

at::Tensor select_on_cpu(const at::Tensor& images, const Places& places, uint8_t fill) {
  int64_t channels = images.size(1), rows = images.size(2), columns = images.size(3);
  at::Tensor selected = at::empty({places.count, channels, places.height, places.width}, images.options());
  const auto* from = images.data_ptr<uint8_t>();
  auto* to = selected.data_ptr<uint8_t>();
  int64_t image_size = channels * places.height * places.width;
  cnn::parallel_ranges(places.count, 1 + bytes_worth_a_thread / (1 + image_size), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const int32_t* row = places.rows + i * places.height;
      const int32_t* column = places.columns + i * places.width;
      uint8_t* out = to + i * image_size;
      for (int64_t c = 0; c < channels; c++) {
        const uint8_t* plane = from + (places.images[i] * channels + c) * rows * columns;
        for (int64_t y = 0; y < places.height; y++, out += places.width) {
          if (row[y] < 0) {
            std::memset(out, fill, static_cast<size_t>(places.width));
            continue;
          }
          const uint8_t* line = plane + row[y] * columns;
          for (int64_t x = 0; x < places.width; x++) {
            out[x] = column[x] < 0 ? fill : line[column[x]];
          }
        }
      }
    }
  });
  return selected;
}

/// The same values on any device.
at::Tensor select_on_device(const at::Tensor& images, const Places& places, uint8_t fill) {
  at::Device device = images.device();
  int64_t n = places.count, channels = images.size(1);
  at::Tensor image = values_of(places.images, {n, 1, 1, 1}, at::kLong, device);
  at::Tensor channel = at::arange(channels, image.options()).view({1, channels, 1, 1});
  at::Tensor row = values_of(places.rows, {n, 1, places.height, 1}, at::kInt, device).to(at::kLong);
  at::Tensor column = values_of(places.columns, {n, 1, 1, places.width}, at::kInt, device).to(at::kLong);
  return images.index({image, channel, row.clamp_min(0), column.clamp_min(0)})
      .masked_fill_(row.lt(0).logical_or(column.lt(0)), fill);
}

at::Tensor select(const at::Tensor& images, const Places& places, uint8_t fill) {
  return (images.is_cpu() ? select_on_cpu : select_on_device)(images, places, fill);
}

/// ITU-R 601's luma, (N, 1, H, W), cut to bytes.
at::Tensor grey(const at::Tensor& images) {
  if (images.size(1) == 1) {
    return images;
  }
  TORCH_CHECK(images.size(1) == 3, "images of ", images.size(1), " channels have no grey values");
  at::Tensor luma = images.narrow(1, 0, 1) * 0.2989 + images.narrow(1, 1, 1) * 0.587 + images.narrow(1, 2, 1) * 0.114;
  return luma.to(at::kByte);
}

/// Pooling gives the mean of nine pixels; the middle one counts five times of thirteen.
at::Tensor blurred(const at::Tensor& images) {
  at::Tensor result = images.clone();
  at::Tensor middle = result.index({Slice(), Slice(), Slice(1, -1), Slice(1, -1)});
  at::Tensor sums = at::avg_pool2d(images.to(at::kFloat), {3, 3}, {1, 1}).mul_(9).add_(middle, 4);
  middle.copy_(sums.div_(13).round_());
  return result;
}

at::Tensor blend_partner(const at::Tensor& images, int partner) {
  switch (partner) {
    case CNN_BLEND_BLACK: return at::zeros({1, 1, 1, 1}, images.options());
    case CNN_BLEND_MEAN: return grey(images).to(at::kFloat).mean({1, 2, 3}, /*keepdim=*/true);
    case CNN_BLEND_GREY: return grey(images);
    case CNN_BLEND_BLURRED: return blurred(images);
    default: TORCH_CHECK(false, "unknown partner ", partner);
  }
}

/// What blending cannot change: grey images have no colours, and tiny ones no inside to be smoothed.
bool stays(const at::Tensor& images, int partner) {
  return (partner == CNN_BLEND_GREY && images.size(1) == 1) ||
      (partner == CNN_BLEND_BLURRED && (images.size(2) <= 2 || images.size(3) <= 2));
}

/// Hue, saturation and value (N, H, W) each, of float32 red, green and blue from 0 to 1.
std::array<at::Tensor, 3> to_hsv(const at::Tensor& rgb) {
  at::Tensor red = rgb.select(1, 0), green = rgb.select(1, 1), blue = rgb.select(1, 2);
  at::Tensor value = rgb.amax(1), chroma = value - rgb.amin(1);
  at::Tensor is_grey = chroma.eq(0);
  at::Tensor saturation = chroma / value.masked_fill(is_grey, 1);
  at::Tensor divisor = chroma.masked_fill(is_grey, 1);
  at::Tensor r = (value - red) / divisor, g = (value - green) / divisor, b = (value - blue) / divisor;
  at::Tensor sector = at::where(value.eq(red), b - g, at::where(value.eq(green), 2 + r - b, 4 + g - r));
  return {at::fmod(sector / 6 + 1, 1), saturation, value};
}

/// The way back: in each sixth of the circle the channels are one of four values.
at::Tensor to_rgb(const at::Tensor& hue, const at::Tensor& saturation, const at::Tensor& value) {
  at::Tensor sixths = hue * 6, sector = sixths.floor(), within = sixths - sector;
  at::Tensor low = value * (1 - saturation);
  at::Tensor falling = value * (1 - saturation * within);
  at::Tensor rising = value * (1 - saturation * (1 - within));
  constexpr int64_t v = 0, f = 1, l = 2, r = 3;
  static const int64_t choice[] = {v, f, l, l, r, v, r, v, v, f, l, l, l, l, r, v, v, f};
  at::Tensor chosen = values_of(choice, {3, 6}, at::kLong, hue.device()).index({Slice(), sector.to(at::kLong).remainder(6)});
  return at::stack({value, falling, low, rising}, 1).gather(1, chosen.transpose(0, 1));
}

/// Where each pixel is looked for, (N, H, W, 2), in grid_sampler's coordinates: from -1 to 1 over each side.
at::Tensor warp_grid(const at::Tensor& matrices, int64_t height, int64_t width) {
  at::Tensor places = at::ones({height, width, 3}, matrices.options());
  auto fill = [&](int64_t coordinate, int64_t size, at::IntArrayRef along) {
    places.select(2, coordinate).copy_(at::arange(size, places.options()).sub_(static_cast<double>(size) * 0.5 - 0.5).view(along));
  };
  fill(0, width, {1, width});
  fill(1, height, {height, 1});
  at::Tensor halves = at::tensor({0.5F * static_cast<float>(width), 0.5F * static_cast<float>(height)}).to(matrices.device());
  at::Tensor scaled = (matrices / halves.view({1, 2, 1})).permute({2, 0, 1}).reshape({3, -1});
  return places.view({-1, 3}).mm(scaled).view({height, width, -1, 2}).permute({2, 0, 1, 3});
}

/// From where bilinear scaling takes the values of one axis of the output, and how much of the second.
struct Taps {
  std::vector<int32_t> first, second;
  std::vector<float> share;

  void add(int64_t start, int64_t length, int64_t size) {
    float scale = static_cast<float>(length) / static_cast<float>(size);
    for (int64_t i = 0; i < size; i++) {
      float place = std::max(scale * (static_cast<float>(i) + 0.5F) - 0.5F, 0.0F);
      auto below = std::min(static_cast<int64_t>(place), length - 1);
      first.push_back(static_cast<int32_t>(start + below));
      second.push_back(static_cast<int32_t>(start + std::min(below + 1, length - 1)));
      share.push_back(place - static_cast<float>(below));
    }
  }
};

}  // namespace

int cnn_select_pixels(
    cnn_handle images, const int64_t* indices, const int32_t* rows, const int32_t* columns, int64_t count, int height,
    int width, int fill, cnn_handle* out) {
  CNN_TRY
  cnn::require(out);
  at::Tensor all = cnn::tensor(images);
  all = batch_of(images, all.dim() == 4 ? all.size(0) : 0);
  cnn::indices(indices, count, all.size(0), at::kCPU);
  TORCH_CHECK(height >= 0 && width >= 0 && fill >= 0 && fill < levels, "images of ", height, "x", width, ", filled with ", fill);
  require_range(rows, count * height, all.size(2));
  require_range(columns, count * width, all.size(3));
  *out = cnn::keep(select(all, {indices, rows, columns, count, height, width}, static_cast<uint8_t>(fill)));
  CNN_END
}

int cnn_put_images(cnn_handle images, const int64_t* indices, int64_t count, cnn_handle part) {
  CNN_TRY
  at::Tensor all = cnn::tensor(images);
  all.index_copy_(0, cnn::indices(indices, count, all.dim() == 4 ? all.size(0) : 0, all.device()), batch_of(part, count));
  CNN_END
}

int cnn_count_bytes(cnn_handle images, int64_t* counts, int64_t capacity) {
  CNN_TRY
  at::Tensor all = cnn::tensor(images);
  all = batch_of(images, all.dim() == 4 ? all.size(0) : 0);
  int64_t planes = all.size(0) * all.size(1);
  TORCH_CHECK(capacity == planes * levels, "room for ", capacity, " counts, there are ", planes * levels);
  cnn::require_array(counts, capacity);
  at::Tensor offsets = at::arange(planes, all.options().dtype(at::kLong)).mul_(levels).view({planes, 1});
  at::Tensor places = planes_of(all).to(at::kLong).add_(offsets);
  values_of(counts, capacity, at::kLong, at::kCPU).copy_(at::bincount(places.view(-1), {}, capacity));
  CNN_END
}

int cnn_map_bytes(cnn_handle images, const uint8_t* tables, int64_t count, cnn_handle* out) {
  CNN_TRY
  cnn::require(out);
  at::Tensor all = batch_of(images, count);
  int64_t planes = count * all.size(1);
  cnn::require_array(tables, planes);
  at::Tensor values = values_of(tables, {planes, levels}, at::kByte, all.device());
  *out = cnn::keep(values.gather(1, planes_of(all).to(at::kLong)).view(all.sizes()));
  CNN_END
}

int cnn_blend_images(cnn_handle images, const double* ratios, int64_t count, int partner, cnn_handle* out) {
  CNN_TRY
  cnn::require(out);
  at::Tensor all = batch_of(images, count);
  cnn::require_array(ratios, count);
  if (stays(all, partner)) {
    *out = cnn::keep(all.clone());
    return CNN_OK;
  }
  std::vector<float> own(ratios, ratios + count), others;
  std::transform(ratios, ratios + count, std::back_inserter(others), [](double ratio) { return static_cast<float>(1 - ratio); });
  *out = cnn::keep(to_bytes(factors(own, all.device()) * all + factors(others, all.device()) * blend_partner(all, partner)));
  CNN_END
}

int cnn_shift_hue(cnn_handle images, const double* shifts, int64_t count, cnn_handle* out) {
  CNN_TRY
  cnn::require(out);
  at::Tensor all = batch_of(images, count);
  cnn::require_array(shifts, count);
  TORCH_CHECK(all.size(1) == 3, "images of ", all.size(1), " channels have no hue");
  auto [hue, saturation, value] = to_hsv(all.to(at::kFloat) / 255.0);
  at::Tensor shift = factors({shifts, shifts + count}, all.device()).squeeze(-1);
  *out = cnn::keep((to_rgb(at::remainder(hue + shift, 1.0), saturation, value) * 255.0).to(at::kByte));
  CNN_END
}

int cnn_warp_images(cnn_handle images, const float* matrices, int64_t count, int bilinear, int fill, cnn_handle* out) {
  CNN_TRY
  cnn::require(out);
  at::Tensor all = batch_of(images, count);
  cnn::require_array(matrices, count * 6);
  at::Tensor grid = warp_grid(values_of(matrices, {count, 2, 3}, at::kFloat, all.device()), all.size(2), all.size(3));
  auto sample = [&](const at::Tensor& from) {
    return at::grid_sampler_2d(from, grid, bilinear ? 0 : 1, /*padding_mode=*/0, /*align_corners=*/false);
  };
  at::Tensor warped = sample(all.to(at::kFloat));
  if (fill != 0) {
    at::Tensor inside = sample(at::ones({count, 1, all.size(2), all.size(3)}, warped.options()));
    warped = bilinear ? warped * inside + (1 - inside) * fill : warped.masked_fill_(inside.lt(0.5), fill);
  }
  *out = cnn::keep(warped.round_().to(at::kByte));
  CNN_END
}

int cnn_resize_crops(cnn_handle images, const int64_t* boxes, int64_t count, cnn_handle* out) {
  CNN_TRY
  cnn::require(out);
  at::Tensor all = batch_of(images, count);
  cnn::require_array(boxes, count * 4);
  int64_t height = all.size(2), width = all.size(3);
  Taps down, across;
  std::vector<int64_t> image;
  for (int64_t i = 0; i < count; i++) {
    const int64_t* box = boxes + i * 4;
    TORCH_CHECK(
        box[0] >= 0 && box[1] >= 0 && box[2] > 0 && box[3] > 0 && box[2] <= height - box[0] && box[3] <= width - box[1],
        "a box of ", box[2], "x", box[3], " at ", box[0], ", ", box[1], " is not within ", height, "x", width);
    down.add(box[0], box[2], height);
    across.add(box[1], box[3], width);
    image.push_back(i);
  }
  auto at_taps = [&](const std::vector<int32_t>& rows, const std::vector<int32_t>& columns) {
    return select(all, {image.data(), rows.data(), columns.data(), count, height, width}, 0);
  };
  at::Tensor right = values_of(across.share.data(), {count, 1, 1, width}, at::kFloat, all.device()), left = 1 - right;
  at::Tensor lower = values_of(down.share.data(), {count, 1, height, 1}, at::kFloat, all.device()), upper = 1 - lower;
  at::Tensor top = left * at_taps(down.first, across.first) + right * at_taps(down.first, across.second);
  at::Tensor bottom = left * at_taps(down.second, across.first) + right * at_taps(down.second, across.second);
  *out = cnn::keep((upper * top + lower * bottom).round_().to(at::kByte));
  CNN_END
}

int cnn_erase_boxes(cnn_handle images, const int64_t* boxes, int64_t count, float value) {
  CNN_TRY
  at::Tensor all = cnn::tensor(images);
  TORCH_CHECK(all.scalar_type() == at::kFloat && all.dim() == 4, "images must be float32 (N, C, H, W)");
  TORCH_CHECK(count == all.size(0), count, " boxes for ", all.size(0), " images");
  cnn::require_array(boxes, count * 4);
  at::Tensor box = values_of(boxes, {count, 4}, at::kLong, all.device());
  auto within = [&](int64_t axis, at::IntArrayRef sizes) {
    at::Tensor start = box.select(1, axis).unsqueeze(1), end = start + box.select(1, axis + 2).unsqueeze(1);
    at::Tensor place = at::arange(all.size(axis + 2), box.options());
    return place.ge(start).logical_and_(place.lt(end)).view(sizes);
  };
  all.masked_fill_(within(0, {count, 1, all.size(2), 1}).logical_and(within(1, {count, 1, 1, all.size(3)})), value);
  CNN_END
}
