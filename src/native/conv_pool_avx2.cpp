#define CNN_LANES 8
#define CNN_SUMS 12
#define CNN_BLOCK_VECTORS 2
#include "conv_pool_kernels.inl"

extern const cnn::ConvPoolKernels conv_pool_avx2;
const cnn::ConvPoolKernels conv_pool_avx2{lanes, CNN_BLOCK_VECTORS, forward, weight_gradient, input_gradient};
