// All that needs CUDA: empty where the chosen libtorch has none. Of CUDA itself only the runtime's headers are needed,
// no library and no compiler: libtorch brings its own runtime, and a second one beside it would not know its state.
#ifdef CNN_WITH_CUDA

#include <ATen/Context.h>
#include <ATen/cuda/CUDAGeneratorImpl.h>
#include <ATen/ops/empty.h>
#include <c10/core/DeviceGuard.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>

#include <dlfcn.h>

#include "devices.h"

namespace cnn {
namespace {

/// A function of the driver, which is there wherever a CUDA device is.
template <class Function>
Function driver(const char* name) {
  static void* library = dlopen("libcuda.so.1", RTLD_NOW);
  void* function = library == nullptr ? nullptr : dlsym(library, name);
  TORCH_CHECK(function != nullptr, "the CUDA driver has no ", name);
  return reinterpret_cast<Function>(function);
}

}  // namespace

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
  auto get_device = driver<int (*)(int*, int)>("cuDeviceGet");
  auto get_name = driver<int (*)(char*, int, int)>("cuDeviceGetName");
  auto get_memory = driver<int (*)(size_t*, size_t*)>("cuMemGetInfo_v2");
  c10::DeviceGuard guard(at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(index)));
  at::empty({0}, at::TensorOptions(guard.current_device()));  // makes the device's context, which memory is asked of
  size_t free_bytes = 0, total_bytes = 0;
  int handle = 0;
  int failed = get_device(&handle, index);
  failed = failed != 0 ? failed : get_name(name, capacity, handle);
  failed = failed != 0 ? failed : get_memory(&free_bytes, &total_bytes);
  TORCH_CHECK(failed == 0, "the CUDA driver does not describe device ", index, ": error ", failed);
  *total = static_cast<int64_t>(total_bytes);
  *free = static_cast<int64_t>(free_bytes);
}

int64_t cuda_peak_memory(int index) {
  return c10::cuda::CUDACachingAllocator::getDeviceStats(static_cast<c10::DeviceIndex>(index)).allocated_bytes[0].peak;
}

/// The major number of the compute capability.
int cuda_capability_major(int index) {
  constexpr int compute_capability_major = 75;
  auto get_device = driver<int (*)(int*, int)>("cuDeviceGet");
  auto get_attribute = driver<int (*)(int*, int, int)>("cuDeviceGetAttribute");
  int handle = 0, major = 0;
  int failed = get_device(&handle, index);
  failed = failed != 0 ? failed : get_attribute(&major, compute_capability_major, handle);
  TORCH_CHECK(failed == 0, "the CUDA driver does not describe device ", index, ": error ", failed);
  return major;
}

at::Generator cuda_generator(int index) {
  return at::make_generator<at::CUDAGeneratorImpl>(static_cast<c10::DeviceIndex>(index));
}

}  // namespace cnn

#endif
