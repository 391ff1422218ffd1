// Image files in memory, of either format.
#include <cstdlib>
#include <cstring>
#include <string>

#include "arguments.h"
#include "guard.h"
#include "images/formats.h"
#include "images/image_error.h"

namespace cnn {

void require_size(int64_t width, int64_t height, int64_t most) {
  if (width > most / height) {
    throw ImageError(
        CNN_IMAGE_TOO_LARGE, "it declares " + std::to_string(width) + " x " + std::to_string(height) +
            " pixels; the most that are taken are " + std::to_string(most));
  }
}

namespace {

constexpr uint8_t png_signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
constexpr uint8_t jpeg_signature[] = {0xFF, 0xD8, 0xFF};

template <size_t N>
bool begins_with(const uint8_t* file, int64_t length, const uint8_t (&signature)[N]) {
  return length >= static_cast<int64_t>(N) && std::memcmp(file, signature, N) == 0;
}

std::unique_ptr<ImageReader> open(const uint8_t* file, int64_t length) {
  require_array(file, length);
  if (begins_with(file, length, png_signature)) {
    return open_png(file, length);
  }
  if (begins_with(file, length, jpeg_signature)) {
    return open_jpeg(file, length);
  }
  throw ImageError(CNN_UNSUPPORTED_IMAGE, "it is neither PNG nor JPEG");
}

}  // namespace
}  // namespace cnn

int cnn_image_probe(const uint8_t* file, int64_t length, cnn_image_info* info) {
  CNN_TRY
  cnn::require(info);
  *info = cnn::open(file, length)->info();
  CNN_END
}

int cnn_image_decode(const uint8_t* file, int64_t length, uint8_t* pixels, int64_t capacity) {
  CNN_TRY
  std::unique_ptr<cnn::ImageReader> reader = cnn::open(file, length);
  const cnn_image_info& info = reader->info();
  int64_t size = int64_t{info.width} * info.height * cnn::channels_of(info);
  TORCH_CHECK(pixels != nullptr && capacity == size, "the image has ", size, " values, there is room for ", capacity);
  reader->decode(cnn::Planes(pixels, info));
  CNN_END
}

int cnn_image_encode(
    int format, const uint8_t* pixels, int channels, int height, int width, int quality, uint8_t** bytes,
    int64_t* length) {
  CNN_TRY
  cnn::require(pixels, bytes, length);
  TORCH_CHECK(format == CNN_PNG || format == CNN_JPEG, "there is no image format ", format);
  TORCH_CHECK(channels == 1 || channels == 3, "an image of ", channels, " channels; 1 and 3 can be written");
  TORCH_CHECK(height > 0 && width > 0, "an image of ", width, " x ", height, " pixels");
  TORCH_CHECK(quality >= 1 && quality <= 100, "a quality of ", quality, "; 1 to 100 can be had");
  cnn::require_size(width, height);
  cnn::Bytes file;
  if (format == CNN_PNG) {
    cnn::encode_png(pixels, channels, height, width, file);
  } else {
    cnn::encode_jpeg(pixels, channels, height, width, quality, file);
  }
  *length = static_cast<int64_t>(file.size());
  *bytes = file.release();
  CNN_END
}

int cnn_free_bytes(uint8_t* bytes) {
  CNN_TRY
  std::free(bytes);
  CNN_END
}
