// Making, copying, reading and freeing tensors.
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

#include <cstring>

#include "arguments.h"
#include "devices.h"
#include "guard.h"
#include "handles.h"

namespace {

using cnn::device;
using cnn::keep;
using cnn::require;
using cnn::require_array;
using cnn::shape;

/// Values of the caller's, seen as a tensor without copying.
at::Tensor view(const void* values, at::IntArrayRef sizes, at::ScalarType type) {
  return at::from_blob(const_cast<void*>(values), sizes, at::TensorOptions().dtype(type));
}

at::Tensor own(const void* values, at::IntArrayRef sizes, at::ScalarType type, at::Device where) {
  require_array(static_cast<const char*>(values), c10::multiply_integers(sizes));
  return view(values, sizes, type).to(where, type, /*non_blocking=*/false, /*copy=*/true);
}

void check_float(const at::Tensor& tensor, int64_t count) {
  TORCH_CHECK(tensor.scalar_type() == at::kFloat, "the tensor holds ", tensor.scalar_type(), ", not float32");
  TORCH_CHECK(tensor.numel() == count, "the tensor has ", tensor.numel(), " values, not ", count);
}

int element_type_of(const at::Tensor& tensor) {
  switch (tensor.scalar_type()) {
    case at::kFloat: return CNN_FLOAT32;
    case at::kByte: return CNN_UINT8;
    case at::kLong: return CNN_INT64;
    case at::kBFloat16: return CNN_BFLOAT16;
    default: TORCH_CHECK(false, "a tensor of ", tensor.scalar_type());
  }
}

}  // namespace

int cnn_from_floats(
    const float* values, const int64_t* sizes, int dims, int device_type, int device_index, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(own(values, shape(sizes, dims), at::kFloat, device(device_type, device_index)));
  CNN_END
}

int cnn_from_bytes(
    const uint8_t* values, const int64_t* sizes, int dims, int device_type, int device_index, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(own(values, shape(sizes, dims), at::kByte, device(device_type, device_index)));
  CNN_END
}

int cnn_from_indices(const int64_t* values, int64_t count, int device_type, int device_index, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(own(values, shape(&count, 1), at::kLong, device(device_type, device_index)));
  CNN_END
}

int cnn_zeros(const int64_t* sizes, int dims, int device_type, int device_index, cnn_handle* out) {
  CNN_TRY
  require(out);
  *out = keep(at::zeros(shape(sizes, dims), at::TensorOptions(at::kFloat).device(device(device_type, device_index))));
  CNN_END
}

int cnn_copy(cnn_handle source, int device_type, int device_index, int layout, cnn_handle* out) {
  CNN_TRY
  require(out);
  at::Tensor from = cnn::tensor(source).detach();
  auto options = from.options().device(device(device_type, device_index));
  at::Tensor to = at::empty_like(from, options, cnn::memory_format(layout, from.dim()));
  *out = keep(to.copy_(from));
  CNN_END
}

int cnn_tensor_info(
    cnn_handle tensor, int64_t* sizes, int* dims, int* element_type, int* device_type, int* device_index) {
  CNN_TRY
  require(sizes, dims, element_type, device_type, device_index);
  at::Tensor t = cnn::tensor(tensor);
  TORCH_CHECK(t.dim() <= CNN_MAX_DIMS, "a tensor of ", t.dim(), " dimensions");
  std::copy(t.sizes().begin(), t.sizes().end(), sizes);
  *dims = static_cast<int>(t.dim());
  *element_type = element_type_of(t);
  *device_type = t.is_cuda() ? CNN_CUDA : CNN_CPU;
  *device_index = t.is_cuda() ? t.device().index() : 0;
  CNN_END
}

int cnn_read(cnn_handle source, float* destination, int64_t count) {
  CNN_TRY
  at::Tensor from = cnn::tensor(source).detach();
  check_float(from, count);
  require_array(destination, count);
  view(destination, from.sizes(), at::kFloat).copy_(from);
  CNN_END
}

int cnn_write(cnn_handle destination, const float* values, int64_t count) {
  CNN_TRY
  at::NoGradGuard no_grad;
  at::Tensor to = cnn::tensor(destination);
  check_float(to, count);
  require_array(values, count);
  to.copy_(view(values, to.sizes(), at::kFloat));
  CNN_END
}

int cnn_read_scalar(cnn_handle source, float* value) {
  CNN_TRY
  require(value);
  at::Tensor from = cnn::tensor(source);
  check_float(from, 1);
  *value = from.item<float>();
  CNN_END
}

int cnn_free(cnn_handle handle) {
  CNN_TRY
  cnn::release(handle);
  CNN_END
}
