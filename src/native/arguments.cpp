#include "arguments.h"

#include <ATen/ops/from_blob.h>

#include <algorithm>

#include "api.h"

namespace cnn {

at::IntArrayRef shape(const int64_t* sizes, int dims) {
  TORCH_CHECK(dims >= 0 && dims <= CNN_MAX_DIMS, "a tensor of ", dims, " dimensions");
  require_array(sizes, dims);
  at::IntArrayRef result(sizes, static_cast<size_t>(dims));
  int64_t bytes = sizeof(int64_t);  // of the widest element
  for (int64_t size : result) {
    TORCH_CHECK(size >= 0, "a negative size: ", result);
    // A size of 0 counts as 1: the strides are products of the other sizes all the same.
    bool too_many = __builtin_mul_overflow(bytes, std::max<int64_t>(size, 1), &bytes);
    TORCH_CHECK_WITH(OutOfMemoryError, !too_many, "no memory holds a tensor of ", result);
  }
  return result;
}

at::Tensor indices(const int64_t* values, int64_t count, int64_t limit, at::Device device) {
  require_array(values, count);
  for (int64_t i = 0; i < count; i++) {
    TORCH_CHECK(
        values[i] >= 0 && values[i] < limit, "index ", values[i], " is out of range: there are ", limit, " items");
  }
  return at::from_blob(const_cast<int64_t*>(values), count, at::TensorOptions(at::kLong)).to(device);
}

}  // namespace cnn
