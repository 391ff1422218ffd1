#include "images/bytes.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace cnn {

Bytes::~Bytes() { std::free(data_); }

bool Bytes::append(const uint8_t* more, size_t count) {
  if (size_ + count > capacity_) {
    size_t capacity = std::max(2 * capacity_, size_ + count);
    auto* grown = static_cast<uint8_t*>(std::realloc(data_, capacity));
    if (grown == nullptr) {
      return false;
    }
    data_ = grown;
    capacity_ = capacity;
  }
  std::memcpy(data_ + size_, more, count);
  size_ += count;
  return true;
}

uint8_t* Bytes::release() {
  uint8_t* given = data_;
  data_ = nullptr;
  return given;
}

}  // namespace cnn
