#define CNN_LANES 4
#define CNN_SUMS 12
#define CNN_BLOCK_VECTORS 2
#include "conv_pool_kernels.inl"

extern const cnn::ConvPoolKernels conv_pool_baseline;
const cnn::ConvPoolKernels conv_pool_baseline{lanes, CNN_BLOCK_VECTORS, forward, weight_gradient, input_gradient};
