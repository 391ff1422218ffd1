// Pixels as planes (C, H, W), the form that the ABI has them in; files have the channels of a pixel side by side.
#pragma once

#include <cstdint>

#include "api.h"

namespace cnn {

/// 1 for grey, 3 for colours.
int channels_of(const cnn_image_info& info);

/// Where the pixels of a file go, turned as its orientation asks.
class Planes {
 public:
  Planes(uint8_t* pixels, const cnn_image_info& info);
  /// Row y as it is stored, the channels of a pixel side by side.
  void put_row(int y, const uint8_t* row) const;

 private:
  uint8_t* origin_;  // of the stored pixel (0, 0)
  int width_;        // as stored
  int channels_;
  int64_t plane_size_;
  int64_t step_x_;  // from one stored pixel to the next, in the planes
  int64_t step_y_;
};

/// Row y of upright planes, the channels of a pixel side by side.
void get_row(const uint8_t* pixels, int channels, int height, int width, int y, uint8_t* row);

}  // namespace cnn
