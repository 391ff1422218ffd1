// Random generators of their own; libtorch's global ones are never used.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>

#include <cstring>

#include "arguments.h"
#include "devices.h"
#include "guard.h"
#include "handles.h"

namespace {

at::Generator make(at::Device device) {
#ifdef CNN_WITH_CUDA
  if (device.is_cuda()) {
    return cnn::cuda_generator(device.index());
  }
#endif
  TORCH_CHECK(device.is_cpu(), "no generator for ", device);
  return at::make_generator<at::CPUGeneratorImpl>();
}

}  // namespace

int cnn_create_generator(int device_type, int device_index, uint64_t seed, cnn_handle* out) {
  CNN_TRY
  cnn::require(out);
  at::Generator generator = make(cnn::device(device_type, device_index));
  generator.set_current_seed(seed);
  *out = cnn::keep(std::move(generator));
  CNN_END
}

int cnn_get_generator_state(cnn_handle generator, uint8_t* state, int64_t capacity, int64_t* length) {
  CNN_TRY
  cnn::require(length);
  cnn::require_array(state, capacity);
  at::Generator source = cnn::generator(generator);
  std::lock_guard<std::mutex> lock(source.mutex());
  at::Tensor bytes = source.get_state();
  *length = bytes.numel();
  if (capacity > 0) {
    TORCH_CHECK(capacity >= *length, "room for ", capacity, " bytes, the state has ", *length);
    std::memcpy(state, bytes.data_ptr<uint8_t>(), static_cast<size_t>(*length));
  }
  CNN_END
}

int cnn_set_generator_state(cnn_handle generator, const uint8_t* state, int64_t length) {
  CNN_TRY
  cnn::require_array(state, length);
  at::Generator target = cnn::generator(generator);
  at::Tensor bytes = at::from_blob(const_cast<uint8_t*>(state), length, at::TensorOptions(at::kByte)).clone();
  std::lock_guard<std::mutex> lock(target.mutex());
  target.set_state(bytes);
  CNN_END
}
