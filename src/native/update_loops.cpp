#include "update_loops.h"

#include <cmath>

// Two versions of each loop, chosen when the library is loaded. Both give the same bits: -ffp-contract=off keeps the
// compiler from fusing a multiplication and an addition where the processor could.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define VECTORIZED __attribute__((target_clones("avx2", "default")))
#else
#define VECTORIZED
#endif

namespace cnn {

VECTORIZED void sgd_loop(
    int64_t begin, int64_t end, float* __restrict p, const float* __restrict g, double rate, double decay) {
  const auto step = static_cast<float>(-rate), wd = static_cast<float>(decay);
  for (int64_t i = begin; i < end; i++) {
    p[i] += step * (g[i] + wd * p[i]);
  }
}

VECTORIZED void sgd_momentum_loop(
    int64_t begin, int64_t end, float* __restrict p, const float* __restrict g, float* __restrict buffer, double rate,
    double momentum, bool nesterov, double decay) {
  const auto step = static_cast<float>(-rate), wd = static_cast<float>(decay), m = static_cast<float>(momentum);
  for (int64_t i = begin; i < end; i++) {
    const float d = g[i] + wd * p[i];
    const float b = m * buffer[i] + d;
    buffer[i] = b;
    p[i] += step * (nesterov ? d + m * b : b);
  }
}

VECTORIZED void adam_loop(
    int64_t begin, int64_t end, float* __restrict p, const float* __restrict g, float* __restrict first,
    float* __restrict second, const AdamScalars& s) {
  const auto b1 = static_cast<float>(s.beta1), one_less_b1 = static_cast<float>(1 - s.beta1);
  const auto b2 = static_cast<float>(s.beta2), one_less_b2 = static_cast<float>(1 - s.beta2);
  const auto root = static_cast<float>(s.root_correction2), eps = static_cast<float>(s.epsilon);
  const auto step = static_cast<float>(-s.step_size), wd = static_cast<float>(s.coupled_decay);
  const auto scale = static_cast<float>(s.parameter_scale);
  for (int64_t i = begin; i < end; i++) {
    const float d = g[i] + wd * p[i];
    const float m = b1 * first[i] + one_less_b1 * d;
    const float v = b2 * second[i] + one_less_b2 * d * d;
    first[i] = m;
    second[i] = v;
    p[i] = scale * p[i] + step * m / (std::sqrt(v) / root + eps);
  }
}

VECTORIZED void rmsprop_loop(
    int64_t begin, int64_t end, float* __restrict p, const float* __restrict g, float* __restrict squares, double rate,
    double alpha, double epsilon, double decay) {
  const auto a = static_cast<float>(alpha), one_less_a = static_cast<float>(1 - alpha);
  const auto eps = static_cast<float>(epsilon), step = static_cast<float>(-rate), wd = static_cast<float>(decay);
  for (int64_t i = begin; i < end; i++) {
    const float d = g[i] + wd * p[i];
    const float v = a * squares[i] + one_less_a * d * d;
    squares[i] = v;
    p[i] += step * d / (std::sqrt(v) + eps);
  }
}

VECTORIZED void rmsprop_momentum_loop(
    int64_t begin, int64_t end, float* __restrict p, const float* __restrict g, float* __restrict squares,
    float* __restrict buffer, double rate, double alpha, double epsilon, double decay, double momentum) {
  const auto a = static_cast<float>(alpha), one_less_a = static_cast<float>(1 - alpha);
  const auto eps = static_cast<float>(epsilon), step = static_cast<float>(-rate), wd = static_cast<float>(decay);
  const auto m = static_cast<float>(momentum);
  for (int64_t i = begin; i < end; i++) {
    const float d = g[i] + wd * p[i];
    const float v = a * squares[i] + one_less_a * d * d;
    const float b = m * buffer[i] + d / (std::sqrt(v) + eps);
    squares[i] = v;
    buffer[i] = b;
    p[i] += step * b;
  }
}

}  // namespace cnn
