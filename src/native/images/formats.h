// One format of image files: what images.cpp asks of it.
#pragma once

#include <cstdint>
#include <memory>

#include "api.h"
#include "images/bytes.h"
#include "images/planes.h"

namespace cnn {

class ImageReader {
 public:
  virtual ~ImageReader() = default;
  virtual const cnn_image_info& info() const = 0;
  /// Once.
  virtual void decode(const Planes& planes) = 0;
};

/// Reads the header. The file must outlive the reader.
std::unique_ptr<ImageReader> open_png(const uint8_t* file, int64_t length);
std::unique_ptr<ImageReader> open_jpeg(const uint8_t* file, int64_t length);

void encode_png(const uint8_t* pixels, int channels, int height, int width, Bytes& file);
void encode_jpeg(const uint8_t* pixels, int channels, int height, int width, int quality, Bytes& file);

/// Before memory is taken.
void require_size(int64_t width, int64_t height, int64_t most = CNN_MAX_PIXELS);

constexpr const char* ends_early = "it ends too early";

}  // namespace cnn
