// All that needs CUDA's own headers (the runtime's, no more); empty where the chosen libtorch has no CUDA.
#ifdef CNN_WITH_CUDA

#include <ATen/Context.h>
#include <ATen/cuda/CUDAGeneratorImpl.h>
#include <ATen/ops/empty.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>

#include <cstdio>

#include "devices.h"

namespace cnn {

// The same seed must give the same bits, so cuDNN may not choose its algorithms by timing. The empty tensor is what
// makes libtorch set up CUDA, in every version.
void initialize_cuda() {
  static const bool done = [] {
    at::globalContext().setDeterministicCuDNN(true);
    at::globalContext().setBenchmarkCuDNN(false);
    at::empty({0}, at::TensorOptions(at::kCUDA));
    return true;
  }();
  static_cast<void>(done);
}

// 0, and no exception, without a driver.
int cuda_count() { return c10::cuda::device_count(); }

void cuda_info(int index, char* name, int capacity, int64_t* total, int64_t* free) {
  c10::cuda::CUDAGuard guard(static_cast<c10::DeviceIndex>(index));
  size_t free_bytes = 0, total_bytes = 0;
  C10_CUDA_CHECK(cudaMemGetInfo(&free_bytes, &total_bytes));
  cudaDeviceProp properties;
  C10_CUDA_CHECK(cudaGetDeviceProperties(&properties, index));
  std::snprintf(name, static_cast<size_t>(capacity), "%s", properties.name);
  *total = static_cast<int64_t>(total_bytes);
  *free = static_cast<int64_t>(free_bytes);
}

int64_t cuda_peak_memory(int index) {
  return c10::cuda::CUDACachingAllocator::getDeviceStats(static_cast<c10::DeviceIndex>(index)).allocated_bytes[0].peak;
}

at::Generator cuda_generator(int index) {
  return at::make_generator<at::CUDAGeneratorImpl>(static_cast<c10::DeviceIndex>(index));
}

}  // namespace cnn

#endif
