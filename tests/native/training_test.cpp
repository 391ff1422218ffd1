// Gradients and the optimizers.
#include <cmath>
#include <functional>
#include <limits>

#include "check.h"

using check::floats;

namespace {

/// Two rows of parameters, with a gradient unless said otherwise.
check::Handle parameter(const check::Sizes& sizes, bool with_gradient = true) {
  auto p = floats(sizes);
  OK(cnn_require_gradient(p, 1));
  if (with_gradient) {
    auto logits = MADE(cnn_flatten, p);
    auto labels = check::indices({0, 1});
    OK(cnn_backward(MADE(cnn_cross_entropy, logits, labels, 0.0, 0)));
  }
  return p;
}

/// Each optimizer; state1 and state2 as it wants them.
using Step = std::function<int(const cnn_handle* p, const cnn_handle* state1, const cnn_handle* state2, int count)>;

int sgd(const cnn_handle* p, const cnn_handle* state, const cnn_handle*, int count) {
  return cnn_sgd_step(p, state, count, 0.1, 0.9, 1, 0.01);
}

int adam(const cnn_handle* p, const cnn_handle* first, const cnn_handle* second, int count) {
  return cnn_adam_step(p, first, second, count, 0.1, 0.9, 0.99, 1e-8, 0.01, 0, 1);
}

int adam_w(const cnn_handle* p, const cnn_handle* first, const cnn_handle* second, int count) {
  return cnn_adam_step(p, first, second, count, 0.1, 0.9, 0.99, 1e-8, 0.01, 1, 3);
}

int rmsprop(const cnn_handle* p, const cnn_handle* squares, const cnn_handle* momentum, int count) {
  return cnn_rmsprop_step(p, squares, momentum, count, 0.1, 0.9, 1e-8, 0.01, 0.9);
}

const Step steps[] = {sgd, adam, adam_w, rmsprop};

}  // namespace

TEST(training_clipped_gradients) {
  auto p = parameter({2, 3});
  auto without = parameter({2, 3}, false);
  const cnn_handle all[] = {p, without};
  double before = 0, after = 0;
  OK(cnn_clip_gradient_norm(all, 2, 1e-3, &before));
  OK(cnn_clip_gradient_norm(all, 2, 1, &after));
  CHECK(before > 1e-2 && std::abs(after - 1e-3) < 1e-6);
  OK(cnn_clip_gradient_values(all, 2, 1e-5));
  OK(cnn_clip_gradient_norm(all, 2, 1, &after));
  CHECK(after <= 1e-5 * std::sqrt(6) * 1.001);
  OK(cnn_clip_gradient_norm(nullptr, 0, 1, &after));
  CHECK(after == 0);
  FAILS(cnn_clip_gradient_norm(all, 2, 0, &after));
  FAILS(cnn_clip_gradient_norm(all, 2, 1, nullptr));
  FAILS(cnn_clip_gradient_values(all, 2, -1));
  const cnn_handle none[] = {0};
  BAD_HANDLE(cnn_clip_gradient_norm(none, 1, 1, &after));
  BAD_HANDLE(cnn_clip_gradient_values(none, 1, 1));
}

TEST(training_averages) {
  auto average = floats({2, 3}), values = floats({2, 3}), other = floats({3, 2});
  const cnn_handle averages[] = {average}, current[] = {values}, wrong[] = {other}, none[] = {0};
  OK(cnn_average(averages, current, 1, 0.9));
  OK(cnn_average(averages, current, 1, 0));
  FAILS(cnn_average(averages, current, 1, 1));
  FAILS(cnn_average(averages, wrong, 1, 0.9));
  BAD_HANDLE(cnn_average(averages, none, 1, 0.9));
  BAD_HANDLE(cnn_average(none, current, 1, 0.9));
}

TEST(training_gradients) {
  int previous = -1;
  OK(cnn_set_grad_enabled(0, &previous));
  CHECK(previous == 1);
  OK(cnn_set_grad_enabled(1, &previous));
  CHECK(previous == 0);
  FAILS(cnn_set_grad_enabled(1, nullptr));

  auto p = parameter({2, 3});
  auto gradient = MADE(cnn_get_gradient, p);
  CHECK(check::sizes(gradient) == check::Sizes({2, 3}));
  FAILS(cnn_get_gradient(p, nullptr));
  const cnn_handle all[] = {p};
  OK(cnn_clear_gradients(all, 1));
  cnn_handle none = -7;
  OK(cnn_get_gradient(p, &none));
  CHECK(none == 0);
  OK(cnn_clear_gradients(nullptr, 0));
  FAILS(cnn_clear_gradients(nullptr, 1));
  FAILS(cnn_clear_gradients(all, -1));

  auto inner = MADE(cnn_activate, p, CNN_TANH);
  OK(cnn_require_gradient(inner, 1));
  FAILS(cnn_require_gradient(inner, 0));
  auto labels = check::indices({0, 1});
  OK(cnn_backward(MADE(cnn_cross_entropy, inner, labels, 0.0, 0)));
  CHECK(check::sizes(MADE(cnn_get_gradient, inner)) == check::Sizes({2, 3}));
  OK(cnn_require_gradient(p, 0));
}

TEST(training_backward_misused) {
  auto p = parameter({2, 3}, false);
  auto labels = check::indices({0, 1});
  FAILS(cnn_backward(p));                                // no scalar
  FAILS(cnn_backward(floats({})));                       // nothing recorded
  FAILS(cnn_require_gradient(check::bytes({2}), 1));     // no floats
  FAILS(cnn_require_gradient(labels, 1));
  auto loss = MADE(cnn_cross_entropy, p, labels, 0.0, 0);
  OK(cnn_backward(loss));
  FAILS(cnn_backward(loss));                             // the graph is gone
  auto squared = MADE(cnn_multiply, p, p);
  auto late = MADE(cnn_cross_entropy, squared, labels, 0.0, 0);
  const float values[6] = {};
  OK(cnn_write(p, values, 6));
  FAILS(cnn_backward(late));                             // what it saved was overwritten
}

TEST(training_steps) {
  for (const Step& step : steps) {
    auto p = parameter({2, 3}), without = parameter({2, 3}, false);
    auto a = floats({2, 3}), b = floats({2, 3});
    const cnn_handle parameters[] = {p, without}, state1[] = {a, a}, state2[] = {b, b};
    OK(step(parameters, state1, state2, 2));
    CHECK(check::read(p) != check::read(without));
    CHECK(check::read(without) == check::read(floats({2, 3})));
    OK(step(nullptr, nullptr, nullptr, 0));
  }
  auto p = parameter({2, 3}), squares = floats({2, 3});
  const cnn_handle parameters[] = {p}, state[] = {squares};
  OK(cnn_sgd_step(parameters, nullptr, 1, 0.1, 0, 0, 0));
  OK(cnn_rmsprop_step(parameters, state, nullptr, 1, 0.1, 0.9, 1e-8, 0, 0));
}

TEST(training_steps_over_mixed_layouts) {
  for (const Step& step : steps) {
    // State in another order than the parameter's: the way that goes through ATen.
    auto p = parameter({2, 3, 2, 2}), same = parameter({2, 3, 2, 2});
    auto a = floats({2, 3, 2, 2}), b = floats({2, 3, 2, 2});
    auto a_last = MADE(cnn_copy, a, CNN_CPU, 0, CNN_CHANNELS_LAST);
    auto b_last = MADE(cnn_copy, b, CNN_CPU, 0, CNN_CHANNELS_LAST);
    const cnn_handle parameters[] = {p, same}, state1[] = {a, a_last}, state2[] = {b, b_last};
    OK(step(&parameters[0], &state1[0], &state2[0], 1));
    OK(step(&parameters[1], &state1[1], &state2[1], 1));
    auto left = check::read(p), right = check::read(same);
    for (size_t i = 0; i < left.size(); i++) {
      CHECK(std::abs(left[i] - right[i]) < 1e-5f);
    }
  }
}

TEST(training_steps_by_several_threads) {
  OK(cnn_set_threads(2));
  for (const Step& step : steps) {
    auto p = parameter({2, 50000}), a = floats({2, 50000}), b = floats({2, 50000});
    const cnn_handle parameters[] = {p}, state1[] = {a}, state2[] = {b};
    OK(step(parameters, state1, state2, 1));
  }
  OK(cnn_set_threads(1));
}

TEST(training_steps_misused) {
  for (const Step& step : steps) {
    auto p = parameter({2, 3});
    auto before = check::read(p);
    auto fits = floats({2, 3}), larger = floats({2, 4}), transposed = floats({3, 2}), as_bytes = check::bytes({2, 3});
    const cnn_handle one[] = {p}, good[] = {fits};
    for (cnn_handle wrong : {cnn_handle{larger}, cnn_handle{transposed}, cnn_handle{as_bytes}}) {
      FAILS(step(one, &wrong, good, 1));
    }
    FAILS(step(nullptr, good, good, 1));
    FAILS(step(one, nullptr, good, 1));
    FAILS(step(one, good, good, -1));
    FAILS(step(one, good, good, std::numeric_limits<int>::min()));
    // The second is bad: the first must not have moved either.
    const cnn_handle two[] = {p, 12345}, states[] = {fits, fits};
    BAD_HANDLE(step(two, states, states, 2));
    CHECK(check::read(p) == before);
  }
  auto p = parameter({2, 3}), fits = floats({2, 3}), wrong = check::indices({1});
  const cnn_handle one[] = {p}, good[] = {fits}, bad[] = {wrong};
  FAILS(adam(one, good, nullptr, 1));
  FAILS(adam(one, good, bad, 1));
  FAILS(rmsprop(one, good, nullptr, 1));
  FAILS(rmsprop(one, good, bad, 1));
  for (int64_t step : {int64_t{0}, int64_t{-1}, std::numeric_limits<int64_t>::min()}) {
    FAILS(cnn_adam_step(one, good, good, 1, 0.1, 0.9, 0.99, 1e-8, 0, 0, step));
  }
}
