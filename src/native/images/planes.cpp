#include "images/planes.h"

namespace cnn {

int channels_of(const cnn_image_info& info) { return info.color == CNN_GREY ? 1 : 3; }

Planes::Planes(uint8_t* pixels, const cnn_image_info& info) : width_(info.width), channels_(channels_of(info)) {
  int turn = info.orientation;
  int64_t width = info.width, height = info.height;
  bool exchanged = turn >= 5;
  bool from_right = turn == 2 || turn == 3 || turn == 7 || turn == 8;
  bool from_bottom = turn == 3 || turn == 4 || turn == 6 || turn == 7;
  plane_size_ = width * height;
  step_x_ = exchanged ? height : 1;
  step_y_ = exchanged ? 1 : width;
  origin_ = pixels + (from_right ? (width - 1) * step_x_ : 0) + (from_bottom ? (height - 1) * step_y_ : 0);
  step_x_ = from_right ? -step_x_ : step_x_;
  step_y_ = from_bottom ? -step_y_ : step_y_;
}

void Planes::put_row(int y, const uint8_t* row) const {
  for (int c = 0; c < channels_; c++) {
    uint8_t* to = origin_ + c * plane_size_ + y * step_y_;
    const uint8_t* from = row + c;
    for (int64_t x = 0; x < width_; x++) {
      to[x * step_x_] = from[x * channels_];
    }
  }
}

void get_row(const uint8_t* pixels, int channels, int height, int width, int y, uint8_t* row) {
  for (int c = 0; c < channels; c++) {
    const uint8_t* from = pixels + (static_cast<int64_t>(c) * height + y) * width;
    for (int64_t x = 0; x < width; x++) {
      row[x * channels + c] = from[x];
    }
  }
}

}  // namespace cnn
