// A file that is being made in memory.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cnn {

/// Of malloc's, so that it can grow without an exception and be handed to C.
class Bytes {
 public:
  Bytes() = default;
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;
  ~Bytes();
  /// False where there is no memory; what was there stays.
  bool append(const uint8_t* more, size_t count);
  /// Hands the bytes to whoever calls free() on them.
  uint8_t* release();
  size_t size() const { return size_; }

 private:
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace cnn
