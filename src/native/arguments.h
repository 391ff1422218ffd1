// What a C caller can get wrong, said before anything is touched. Handles are looked after in handles.h.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/util/ArrayRef.h>
#include <c10/util/Exception.h>

#include <cstdint>

namespace cnn {

template <class... T>
void require(const T*... pointers) {
  TORCH_CHECK((... && (pointers != nullptr)), "a pointer that must lead somewhere is null");
}

/// An array of count values; null will do where there are none.
template <class T>
void require_array(const T* values, int64_t count) {
  TORCH_CHECK(count >= 0, "an array of ", count, " values");
  TORCH_CHECK(values != nullptr || count == 0, "an array of ", count, " values is null");
}

/// The sizes of a new tensor: none negative, and together no more than can be counted.
at::IntArrayRef shape(const int64_t* sizes, int dims);

/// Indices of things of which there are so many, as an int64 tensor; on the CPU it is the array itself.
at::Tensor indices(const int64_t* values, int64_t count, int64_t limit, at::Device device);

}  // namespace cnn
