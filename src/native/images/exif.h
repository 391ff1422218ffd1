// EXIF: the one thing that is read of it.
#pragma once

#include <cstdint>

namespace cnn {

/// The orientation, 1 to 8, in the TIFF structure that EXIF data are; 1 where there is none or it is broken.
int exif_orientation(const uint8_t* tiff, int64_t length);

}  // namespace cnn
