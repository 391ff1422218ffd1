#define CNN_LANES 16
#define CNN_SUMS 18
#define CNN_BLOCK_VECTORS 2
#include "conv_pool_kernels.inl"

extern const cnn::ConvPoolKernels conv_pool_avx512;
const cnn::ConvPoolKernels conv_pool_avx512{lanes, CNN_BLOCK_VECTORS, forward, weight_gradient, input_gradient};
