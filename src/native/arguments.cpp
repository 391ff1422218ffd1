#include "arguments.h"

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

}  // namespace cnn
