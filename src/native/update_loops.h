// The arithmetic of the optimizers over plain float arrays, for the indices begin..end. Scalars come in double, as
// PyTorch computes them, and are rounded to float once, as its kernels do. Weight decay 0 adds nothing.
#pragma once

#include <cstdint>

namespace cnn {

struct AdamScalars {
  double beta1, beta2, epsilon;
  double step_size;         // learning rate / first bias correction
  double root_correction2;  // square root of the second bias correction
  double coupled_decay;     // Adam's: added to the gradient
  double parameter_scale;   // AdamW's: multiplies the parameter
};

void sgd_loop(int64_t begin, int64_t end, float* p, const float* g, double rate, double decay);

void sgd_momentum_loop(
    int64_t begin, int64_t end, float* p, const float* g, float* buffer, double rate, double momentum, bool nesterov,
    double decay);

void adam_loop(
    int64_t begin, int64_t end, float* p, const float* g, float* first, float* second, const AdamScalars& scalars);

void rmsprop_loop(
    int64_t begin, int64_t end, float* p, const float* g, float* squares, double rate, double alpha, double epsilon,
    double decay);

void rmsprop_momentum_loop(
    int64_t begin, int64_t end, float* p, const float* g, float* squares, float* buffer, double rate, double alpha,
    double epsilon, double decay, double momentum);

}  // namespace cnn
