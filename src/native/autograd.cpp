// Recording and computing gradients.
#include <ATen/core/Tensor.h>
#include <c10/core/GradMode.h>

#include "arguments.h"
#include "guard.h"
#include "handles.h"

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
