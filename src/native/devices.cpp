#include "devices.h"

namespace cnn {

at::Device device(int type, int index) {
  if (type == CNN_CPU) {
    TORCH_CHECK(index == 0, "cpu:", index, " was asked for; there is one CPU, with index 0");
    return at::Device(at::kCPU);
  }
  TORCH_CHECK(type == CNN_CUDA, "unknown device type ", type);
#ifdef CNN_WITH_CUDA
  // Before libtorch sees it: it keeps an index in a byte.
  TORCH_CHECK(index >= 0 && index < cuda_count(), "cuda:", index, " is not here; there are ", cuda_count());
  initialize_cuda();
  return at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(index));
#else
  TORCH_CHECK(false, "cuda:", index, " was asked for, but this library was built on a libtorch without CUDA");
#endif
}

at::MemoryFormat memory_format(int layout, int64_t dims) {
  TORCH_CHECK(layout == CNN_CONTIGUOUS || layout == CNN_CHANNELS_LAST, "unknown layout ", layout);
  return layout == CNN_CHANNELS_LAST && dims == 4 ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
}

}  // namespace cnn
