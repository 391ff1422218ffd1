// In which number format is computed, and whether only in ways that give the same bits each time.
#include <ATen/Context.h>
#include <ATen/autocast_mode.h>
#include <torch/version.h>

#include "arguments.h"
#include "devices.h"
#include "guard.h"

#define CNN_TORCH_AT_LEAST(major, minor) \
  (TORCH_VERSION_MAJOR > (major) || (TORCH_VERSION_MAJOR == (major) && TORCH_VERSION_MINOR >= (minor)))

namespace {

/// Without these instructions oneDNN computes bfloat16 in float32 and gains nothing.
bool cpu_has_bfloat16() {
#ifdef CNN_X86_KERNELS
  return __builtin_cpu_supports("avx512bf16");
#else
  return false;
#endif
}

/// Both came with compute capability 8.0.
bool cuda_has_bfloat16_and_tf32(int index) {
#ifdef CNN_WITH_CUDA
  return cnn::cuda_capability_major(index) >= 8;
#else
  static_cast<void>(index);
  return false;
#endif
}

bool autocasts(at::DeviceType type) {
#if CNN_TORCH_AT_LEAST(2, 4)
  return at::autocast::is_autocast_enabled(type);
#else
  return type == at::kCUDA ? at::autocast::is_enabled() : at::autocast::is_cpu_enabled();
#endif
}

void autocast(at::DeviceType type, bool enabled) {
#if CNN_TORCH_AT_LEAST(2, 4)
  at::autocast::set_autocast_dtype(type, at::kBFloat16);
  at::autocast::set_autocast_enabled(type, enabled);
#else
  if (type == at::kCUDA) {
    at::autocast::set_autocast_gpu_dtype(at::kBFloat16);
    at::autocast::set_enabled(enabled);
  } else {
    at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
    at::autocast::set_cpu_enabled(enabled);
  }
#endif
}

}  // namespace

int cnn_supports_precision(int type, int index, int precision, int* supported) {
  CNN_TRY
  cnn::require(supported);
  at::Device device = cnn::device(type, index);
  switch (precision) {
    case CNN_PRECISION_FLOAT32: *supported = 1; break;
    case CNN_PRECISION_TF32: *supported = device.is_cuda() && cuda_has_bfloat16_and_tf32(index); break;
    case CNN_PRECISION_BFLOAT16:
      *supported = device.is_cuda() ? cuda_has_bfloat16_and_tf32(index) : cpu_has_bfloat16();
      break;
    default: TORCH_CHECK(false, "unknown precision ", precision);
  }
  CNN_END
}

int cnn_set_numeric_mode(int allow_tf32, int deterministic) {
  CNN_TRY
  at::Context& context = at::globalContext();
  context.setAllowTF32CuDNN(allow_tf32 != 0);
  context.setAllowTF32CuBLAS(allow_tf32 != 0);
#if CNN_TORCH_AT_LEAST(2, 0)
  context.setAllowBF16ReductionCuBLAS(false);  // sums are float32
#endif
  context.setDeterministicAlgorithms(deterministic != 0, /*warn_only=*/false);
#if CNN_TORCH_AT_LEAST(2, 2)
  context.setDeterministicFillUninitializedMemory(false);  // takes time, and finds faults that are not ours
#endif
  CNN_END
}

// A weight is seldom cast more than once in a pass, so the cache of casts would save little; and threads share it.
int cnn_set_autocast(int type, int index, int enabled, int* previous) {
  CNN_TRY
  cnn::require(previous);
  at::DeviceType where = cnn::device(type, index).type();
  *previous = autocasts(where);
  at::autocast::set_autocast_cache_enabled(false);
  autocast(where, enabled != 0);
  CNN_END
}
