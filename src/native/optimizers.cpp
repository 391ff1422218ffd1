// Optimizer steps over all parameters at once: torch.optim's formulas, in its order, with its scalars in double.
// Dense float32 on the CPU goes through loops that read and write each value once; the rest through ATen's foreach.
#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_foreach_addcdiv.h>
#include <ATen/ops/_foreach_addcmul.h>
#include <ATen/ops/_foreach_div.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_sqrt.h>
#include <c10/core/GradMode.h>

#include <cmath>

#include "guard.h"
#include "handles.h"
#include "parallel.h"
#include "update_loops.h"

namespace {

using Tensors = std::vector<at::Tensor>;

constexpr int64_t values_worth_a_thread = 32768;

/// Parameters that have gradients, with the gradients and up to two state tensors of each.
struct Group {
  Tensors parameters, gradients, state1, state2;

  bool empty() const { return parameters.empty(); }

  void add(const at::Tensor& parameter, const at::Tensor& first, const at::Tensor& second) {
    parameters.push_back(parameter);
    gradients.push_back(parameter.grad());
    state1.push_back(first);
    state2.push_back(second);
  }
};

/// Equal strides; that of a dimension of size 1 leads nowhere, and libtorch may give it any value.
bool same_strides(const at::Tensor& left, const at::Tensor& right) {
  for (int64_t i = 0; i < left.dim(); i++) {
    if (left.size(i) > 1 && left.stride(i) != right.stride(i)) {
      return false;
    }
  }
  return true;
}

/// All tensors of one parameter lie in memory in the same order, so a loop may run over them as plain arrays.
bool is_plain(const at::Tensor& parameter, const at::Tensor& other) {
  return !other.defined() ||
      (other.is_cpu() && other.scalar_type() == at::kFloat && other.is_non_overlapping_and_dense() &&
       other.sizes() == parameter.sizes() && same_strides(other, parameter));
}

/// The state tensors of all parameters: undefined ones where the optimizer keeps none.
Tensors state_of(const Tensors& parameters, const cnn_handle* handles, bool kept) {
  if (!kept) {
    return Tensors(parameters.size());
  }
  Tensors states = cnn::tensors(handles, static_cast<int>(parameters.size()));
  for (size_t i = 0; i < states.size(); i++) {
    const at::Tensor &state = states[i], &parameter = parameters[i];
    TORCH_CHECK(
        state.sizes() == parameter.sizes() && state.scalar_type() == parameter.scalar_type() &&
            state.device() == parameter.device(),
        "state of ", state.scalar_type(), " ", state.sizes(), " on ", state.device(), " for a parameter of ",
        parameter.scalar_type(), " ", parameter.sizes(), " on ", parameter.device());
  }
  return states;
}

/// Calls loop(begin, end, p, g, s1, s2) for each plain parameter and gives back the others.
template <class Loop>
Group update_plain(const Tensors& parameters, const Tensors& state1, const Tensors& state2, Loop&& loop) {
  Group others;
  for (size_t i = 0; i < parameters.size(); i++) {
    const at::Tensor &p = parameters[i], &s1 = state1[i], &s2 = state2[i];
    const at::Tensor& g = p.grad();
    if (!g.defined()) {
      continue;
    }
    if (!is_plain(p, p) || !is_plain(p, g) || !is_plain(p, s1) || !is_plain(p, s2)) {
      others.add(p, s1, s2);
      continue;
    }
    auto* values = p.data_ptr<float>();
    const auto* gradient = g.data_ptr<float>();
    auto* first = s1.defined() ? s1.data_ptr<float>() : nullptr;
    auto* second = s2.defined() ? s2.data_ptr<float>() : nullptr;
    cnn::parallel_ranges(p.numel(), values_worth_a_thread, [&](int64_t begin, int64_t end) {
      loop(begin, end, values, gradient, first, second);
    });
    p.unsafeGetTensorImpl()->bump_version();  // so that a graph that saved the old values notices
  }
  return others;
}

/// gradient + weight_decay * parameter, or the gradients themselves.
Tensors decayed(const Group& group, double weight_decay) {
  return weight_decay == 0 ? group.gradients
                           : at::_foreach_add(group.gradients, group.parameters, at::Scalar(weight_decay));
}

void sgd_foreach(const Group& group, double rate, double momentum, bool nesterov, double weight_decay) {
  Tensors step = decayed(group, weight_decay);
  if (momentum != 0) {
    at::_foreach_mul_(group.state1, at::Scalar(momentum));
    at::_foreach_add_(group.state1, step, at::Scalar(1));
    step = nesterov ? at::_foreach_add(step, group.state1, at::Scalar(momentum)) : group.state1;
  }
  at::_foreach_add_(group.parameters, step, at::Scalar(-rate));
}

void adam_foreach(const Group& group, const cnn::AdamScalars& s) {
  Tensors gradients = decayed(group, s.coupled_decay);
  at::_foreach_mul_(group.parameters, at::Scalar(s.parameter_scale));
  at::_foreach_mul_(group.state1, at::Scalar(s.beta1));
  at::_foreach_add_(group.state1, gradients, at::Scalar(1 - s.beta1));
  at::_foreach_mul_(group.state2, at::Scalar(s.beta2));
  at::_foreach_addcmul_(group.state2, gradients, gradients, at::Scalar(1 - s.beta2));
  Tensors denominators = at::_foreach_sqrt(group.state2);
  at::_foreach_div_(denominators, at::Scalar(s.root_correction2));
  at::_foreach_add_(denominators, at::Scalar(s.epsilon));
  at::_foreach_addcdiv_(group.parameters, group.state1, denominators, at::Scalar(-s.step_size));
}

void rmsprop_foreach(
    const Group& group, double rate, double alpha, double epsilon, double weight_decay, double momentum) {
  Tensors gradients = decayed(group, weight_decay);
  at::_foreach_mul_(group.state1, at::Scalar(alpha));
  at::_foreach_addcmul_(group.state1, gradients, gradients, at::Scalar(1 - alpha));
  Tensors averages = at::_foreach_sqrt(group.state1);
  at::_foreach_add_(averages, at::Scalar(epsilon));
  if (momentum != 0) {
    at::_foreach_mul_(group.state2, at::Scalar(momentum));
    at::_foreach_addcdiv_(group.state2, gradients, averages, at::Scalar(1));
    at::_foreach_add_(group.parameters, group.state2, at::Scalar(-rate));
  } else {
    at::_foreach_addcdiv_(group.parameters, gradients, averages, at::Scalar(-rate));
  }
}

}  // namespace

int cnn_sgd_step(
    const cnn_handle* parameters, const cnn_handle* momentum_buffers, int count, double learning_rate, double momentum,
    int nesterov, double weight_decay) {
  CNN_TRY
  at::NoGradGuard no_grad;
  auto loop = [&](int64_t begin, int64_t end, float* p, const float* g, float* buffer, float*) {
    if (buffer == nullptr) {
      cnn::sgd_loop(begin, end, p, g, learning_rate, weight_decay);
    } else {
      cnn::sgd_momentum_loop(begin, end, p, g, buffer, learning_rate, momentum, nesterov != 0, weight_decay);
    }
  };
  Tensors all = cnn::tensors(parameters, count);
  Tensors buffers = state_of(all, momentum_buffers, momentum != 0);
  Group others = update_plain(all, buffers, state_of(all, nullptr, false), loop);
  if (!others.empty()) {
    sgd_foreach(others, learning_rate, momentum, nesterov != 0, weight_decay);
  }
  CNN_END
}

int cnn_adam_step(
    const cnn_handle* parameters, const cnn_handle* first_moments, const cnn_handle* second_moments, int count,
    double learning_rate, double beta1, double beta2, double epsilon, double weight_decay, int decoupled,
    int64_t step) {
  CNN_TRY
  TORCH_CHECK(step > 0, "step number ", step);
  at::NoGradGuard no_grad;
  cnn::AdamScalars scalars;
  scalars.beta1 = beta1;
  scalars.beta2 = beta2;
  scalars.epsilon = epsilon;
  scalars.step_size = learning_rate / (1 - std::pow(beta1, static_cast<double>(step)));
  scalars.root_correction2 = std::sqrt(1 - std::pow(beta2, static_cast<double>(step)));
  scalars.coupled_decay = decoupled != 0 ? 0 : weight_decay;
  scalars.parameter_scale = decoupled != 0 ? 1 - learning_rate * weight_decay : 1;
  auto loop = [&](int64_t begin, int64_t end, float* p, const float* g, float* first, float* second) {
    cnn::adam_loop(begin, end, p, g, first, second, scalars);
  };
  Tensors all = cnn::tensors(parameters, count);
  Tensors first = state_of(all, first_moments, true), second = state_of(all, second_moments, true);
  Group others = update_plain(all, first, second, loop);
  if (!others.empty()) {
    adam_foreach(others, scalars);
  }
  CNN_END
}

int cnn_rmsprop_step(
    const cnn_handle* parameters, const cnn_handle* square_averages, const cnn_handle* momentum_buffers, int count,
    double learning_rate, double alpha, double epsilon, double weight_decay, double momentum) {
  CNN_TRY
  at::NoGradGuard no_grad;
  auto loop = [&](int64_t begin, int64_t end, float* p, const float* g, float* squares, float* buffer) {
    if (buffer == nullptr) {
      cnn::rmsprop_loop(begin, end, p, g, squares, learning_rate, alpha, epsilon, weight_decay);
    } else {
      cnn::rmsprop_momentum_loop(
          begin, end, p, g, squares, buffer, learning_rate, alpha, epsilon, weight_decay, momentum);
    }
  };
  Tensors all = cnn::tensors(parameters, count);
  Tensors squares = state_of(all, square_averages, true);
  Group others = update_plain(all, squares, state_of(all, momentum_buffers, momentum != 0), loop);
  if (!others.empty()) {
    rmsprop_foreach(others, learning_rate, alpha, epsilon, weight_decay, momentum);
  }
  CNN_END
}

int cnn_average(const cnn_handle* averages, const cnn_handle* values, int count, double decay) {
  CNN_TRY
  TORCH_CHECK(decay >= 0 && decay < 1, "a decay of ", decay);
  at::NoGradGuard no_grad;
  Tensors into = cnn::tensors(averages, count), from = cnn::tensors(values, count);
  for (size_t i = 0; i < into.size(); i++) {
    TORCH_CHECK(into[i].sizes() == from[i].sizes(), "an average of ", into[i].sizes(), " of values of ", from[i].sizes());
    decay == 0 ? into[i].copy_(from[i]) : into[i].lerp_(from[i], 1 - decay);
  }
  CNN_END
}
