// Recording and computing gradients.
#include <ATen/core/Tensor.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/stack.h>
#include <c10/core/GradMode.h>

#include "arguments.h"
#include "guard.h"
#include "handles.h"

namespace {

std::vector<at::Tensor> gradients_of(const cnn_handle* tensors, int count) {
  std::vector<at::Tensor> gradients;
  for (const at::Tensor& tensor : cnn::tensors(tensors, count)) {
    if (tensor.grad().defined()) {
      gradients.push_back(tensor.grad());
    }
  }
  return gradients;
}

}  // namespace

int cnn_set_grad_enabled(int enabled, int* previous) {
  CNN_TRY
  cnn::require(previous);
  *previous = c10::GradMode::is_enabled();
  c10::GradMode::set_enabled(enabled != 0);
  CNN_END
}

int cnn_require_gradient(cnn_handle tensor, int required) {
  CNN_TRY
  at::Tensor t = cnn::tensor(tensor);
  if (required != 0 && !t.is_leaf()) {
    t.retain_grad();  // an inner tensor records anyhow; this keeps its gradient
  } else {
    t.requires_grad_(required != 0);
  }
  CNN_END
}

int cnn_backward(cnn_handle loss) {
  CNN_TRY
  cnn::tensor(loss).backward();
  CNN_END
}

int cnn_get_gradient(cnn_handle tensor, cnn_handle* out) {
  CNN_TRY
  cnn::require(out);
  at::Tensor gradient = cnn::tensor(tensor).grad();
  *out = gradient.defined() ? cnn::keep(gradient.detach().clone()) : 0;
  CNN_END
}

int cnn_clear_gradients(const cnn_handle* tensors, int count) {
  CNN_TRY
  for (at::Tensor& tensor : cnn::tensors(tensors, count)) {
    tensor.mutable_grad() = at::Tensor();
  }
  CNN_END
}

// As torch.nn.utils.clip_grad_norm_ and clip_grad_value_.

int cnn_clip_gradient_norm(const cnn_handle* tensors, int count, double most, double* norm) {
  CNN_TRY
  cnn::require(norm);
  TORCH_CHECK(most > 0, "a largest norm of ", most);
  at::NoGradGuard no_grad;
  std::vector<at::Tensor> gradients = gradients_of(tensors, count), norms;
  for (const at::Tensor& gradient : gradients) {
    norms.push_back(at::linalg_vector_norm(gradient, 2));
  }
  at::Tensor total = norms.empty() ? at::Tensor() : at::linalg_vector_norm(at::stack(norms), 2);
  *norm = total.defined() ? total.item<double>() : 0;
  if (total.defined()) {
    at::Tensor factor = total.add(1e-6).reciprocal().mul(most).clamp_max(1);
    for (at::Tensor& gradient : gradients) {
      gradient.mul_(factor);
    }
  }
  CNN_END
}

int cnn_clip_gradient_values(const cnn_handle* tensors, int count, double most) {
  CNN_TRY
  TORCH_CHECK(most > 0, "a largest value of ", most);
  at::NoGradGuard no_grad;
  for (at::Tensor& gradient : gradients_of(tensors, count)) {
    gradient.clamp_(-most, most);
  }
  CNN_END
}
