// From the ABI's numbers to libtorch's devices and layouts.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include "api.h"

namespace cnn {

at::Device device(int type, int index);

/// Channels-last only where the tensor has four dimensions.
at::MemoryFormat memory_format(int layout, int64_t dims);

#ifdef CNN_WITH_CUDA
// cuda.cpp
void initialize_cuda();
int cuda_count();
void cuda_info(int index, char* name, int capacity, int64_t* total, int64_t* free);
int64_t cuda_peak_memory(int index);
int cuda_capability_major(int index);
at::Generator cuda_generator(int index);
#endif

}  // namespace cnn
