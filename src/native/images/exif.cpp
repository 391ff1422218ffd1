#include "images/exif.h"

#include <cstring>

namespace cnn {
namespace {

constexpr int64_t header_size = 8;
constexpr int64_t entry_size = 12;
constexpr int64_t value_offset = 8;  // within an entry
constexpr uint32_t orientation_tag = 0x0112;
constexpr uint32_t short_type = 3;

struct Tiff {
  const uint8_t* bytes;
  bool little_endian;

  uint32_t read16(int64_t at) const {
    return little_endian ? bytes[at] | bytes[at + 1] << 8 : bytes[at] << 8 | bytes[at + 1];
  }
  uint32_t read32(int64_t at) const {
    return little_endian ? read16(at) | read16(at + 2) << 16 : read16(at) << 16 | read16(at + 2);
  }
};

}  // namespace

int exif_orientation(const uint8_t* bytes, int64_t length) {
  if (length < header_size || (std::memcmp(bytes, "II*\0", 4) != 0 && std::memcmp(bytes, "MM\0*", 4) != 0)) {
    return 1;
  }
  Tiff tiff{bytes, bytes[0] == 'I'};
  int64_t directory = tiff.read32(4);
  if (directory > length - 2) {
    return 1;
  }
  int64_t count = tiff.read16(directory);
  for (int64_t i = 0, at = directory + 2; i < count && at <= length - entry_size; i++, at += entry_size) {
    if (tiff.read16(at) == orientation_tag && tiff.read16(at + 2) == short_type) {
      uint32_t value = tiff.read16(at + value_offset);
      return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
    }
  }
  return 1;
}

}  // namespace cnn
