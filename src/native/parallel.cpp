#include "parallel.h"

#include <ATen/core/Tensor.h>  // before the others: libtorch 1.13's headers lean on it
#include <ATen/Parallel.h>
#include <ATen/TensorIterator.h>
#include <ATen/ops/empty.h>

namespace cnn {

// at::parallel_for is a header template: compiled here it would need OpenMP of our own, and beside a pip libtorch that
// is a second OpenMP library with its own thread count. An iterator's for_each runs inside libtorch. The tensor it
// walks is never touched: only where each piece lies in it counts.
void parallel_ranges(int64_t count, int64_t grain, const std::function<void(int64_t, int64_t)>& body) {
  if (count <= grain || at::get_num_threads() == 1) {
    body(0, count);
    return;
  }
  at::Tensor ruler = at::empty({count}, at::TensorOptions(at::kByte));
  const char* start = static_cast<const char*>(ruler.data_ptr());
  at::TensorIteratorConfig()
      .set_check_mem_overlap(false)
      .check_all_same_dtype(false)
      .resize_outputs(false)
      .add_output(ruler)
      .build()
      .for_each(
          [&](char** data, const int64_t*, int64_t size) {
            int64_t begin = data[0] - start;
            body(begin, begin + size);
          },
          grain);
}

}  // namespace cnn
