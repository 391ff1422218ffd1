// The arithmetic of conv_pool.cpp for one image, in a version for each instruction set. Images are (H, W, C) in memory.
#pragma once

#include <cstdint>

namespace cnn {

/// A convolution of stride 1 with 2x2 max pooling behind it. An odd last row or column of the convolution's output is
/// in no window.
struct ConvPoolGeometry {
  int64_t channels, height, width, filters, kernel_v, kernel_h, padding_v, padding_h;

  int64_t padded_height() const { return height + 2 * padding_v; }
  int64_t padded_width() const { return width + 2 * padding_h; }
  /// Values in a row of the padded image, and in a row of the kernel: side by side in memory both.
  int64_t row() const { return padded_width() * channels; }
  int64_t kernel_row() const { return kernel_h * channels; }
  int64_t pooled_height() const { return (padded_height() - kernel_v + 1) / 2; }
  int64_t pooled_width() const { return (padded_width() - kernel_h + 1) / 2; }
  int64_t pooled() const { return pooled_height() * pooled_width(); }
};

/// What a window of four passes on: which of them, or none where ReLU has cut it off.
constexpr uint8_t no_winner = 4;

/// Vectors of `lanes` floats; everything they may touch is padded to whole ones.
struct ConvPoolKernels {
  int lanes;

  /// weight: (filters up to whole vectors, in blocks of `block_vectors`; each: kernel_v, kernel_row, block); bias alike.
  /// out, winners: (pooled height, pooled width, filters); winners may be null.
  int block_vectors;
  void (*forward)(
      const ConvPoolGeometry& geometry, const float* padded, const float* weight, const float* bias, float* out,
      uint8_t* winners);

  /// Adds this image's share to weight_sum (filters, kernel_v, kernel_row up to whole vectors) and bias_sum (filters).
  /// room: pooled() + filters elements.
  struct Live {
    float gradient;
    int32_t place;
  };
  void (*weight_gradient)(
      const ConvPoolGeometry& geometry, const float* padded, const float* gradient, const uint8_t* winners, Live* room,
      float* weight_sum, float* bias_sum);

  /// Adds to padded_sum, a padded image. weight: (filters, kernel_v, kernel_row up to whole vectors, zeros behind).
  /// room: pooled() * (filters + 4) elements.
  void (*input_gradient)(
      const ConvPoolGeometry& geometry, const float* weight, const float* gradient, const uint8_t* winners,
      int32_t* room, float* padded_sum);
};

/// The fastest for so many filters that this processor can run.
const ConvPoolKernels& conv_pool_kernels(int64_t filters);

}  // namespace cnn
