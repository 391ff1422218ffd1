// The table behind the handles. An id holds a slot and the slot's generation, so one that is null, was freed, or is a
// random number is told apart and never followed.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <stdexcept>
#include <vector>

#include "api.h"

namespace cnn {

/// An id that is null, was freed, never was one, or is of another kind than asked.
struct InvalidHandle : std::runtime_error {
  using std::runtime_error::runtime_error;
};

cnn_handle keep(at::Tensor tensor);
cnn_handle keep(at::Generator generator);

/// These share ownership: what they return stays alive even if another thread frees the handle meanwhile.
at::Tensor tensor(cnn_handle handle);
at::Generator generator(cnn_handle handle);
std::vector<at::Tensor> tensors(const cnn_handle* handles, int count);

/// An undefined tensor for 0.
at::Tensor optional_tensor(cnn_handle handle);

void release(cnn_handle handle);
int64_t live_handles();

}  // namespace cnn
