// What is wrong with an image, on its way to the C ABI.
#pragma once

#include <stdexcept>
#include <string>

#include "api.h"

namespace cnn {

struct ImageError : std::runtime_error {
  ImageError(int kind, const std::string& message) : std::runtime_error(message), status(kind) {}
  int status;
};

}  // namespace cnn
