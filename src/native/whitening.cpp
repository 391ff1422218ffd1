// What whitening is computed from: how the pixels of images vary together, and along which axes.
#include <ATen/ops/from_blob.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/linalg_eigh.h>

#include <tuple>

#include "arguments.h"
#include "guard.h"
#include "handles.h"

namespace {

constexpr int64_t most_values = 16384;  // as many squared are 2 GiB

/// Doubles of the caller's, as a tensor over the same memory.
at::Tensor view(double* values, at::IntArrayRef sizes) {
  return at::from_blob(values, sizes, at::TensorOptions(at::kDouble));
}

void require_square(const double* matrix, const double* vector, int64_t size) {
  TORCH_CHECK(size > 0 && size <= most_values, "a matrix of ", size, "x", size);
  cnn::require(matrix, vector);
}

}  // namespace

int cnn_add_moments(cnn_handle images, double* sums, double* products, int64_t size) {
  CNN_TRY
  require_square(products, sums, size);
  at::Tensor all = cnn::tensor(images);
  TORCH_CHECK(all.scalar_type() == at::kByte && all.dim() >= 2, "images must be uint8, one a row");
  at::Tensor rows = all.flatten(1).to(at::kCPU, at::kDouble);
  TORCH_CHECK(rows.size(1) == size, "images of ", rows.size(1), " values, ", size, " were meant");
  view(sums, {size}).add_(rows.sum(0));
  view(products, {size, size}).addmm_(rows.t(), rows);
  CNN_END
}

int cnn_eigen_symmetric(double* matrix, double* values, int64_t size) {
  CNN_TRY
  require_square(matrix, values, size);
  at::Tensor all = view(matrix, {size, size});
  TORCH_CHECK(at::isfinite(all).all().item<bool>(), "the matrix holds values that are no numbers");
  auto [lengths, axes] = at::linalg_eigh(all);
  view(values, {size}).copy_(lengths);
  all.copy_(axes.t());
  CNN_END
}
