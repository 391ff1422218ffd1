// Number formats of devices, what holds for the process, and autocast.
#include "check.h"

TEST(precision_of_devices) {
  int supported = -1;
  OK(cnn_supports_precision(CNN_CPU, 0, CNN_PRECISION_FLOAT32, &supported));
  CHECK(supported == 1);
  OK(cnn_supports_precision(CNN_CPU, 0, CNN_PRECISION_TF32, &supported));
  CHECK(supported == 0);
  OK(cnn_supports_precision(CNN_CPU, 0, CNN_PRECISION_BFLOAT16, &supported));
  FAILS(cnn_supports_precision(CNN_CPU, 0, 7, &supported));
  FAILS(cnn_supports_precision(CNN_CPU, 1, CNN_PRECISION_FLOAT32, &supported));
  FAILS(cnn_supports_precision(CNN_CPU, 0, CNN_PRECISION_FLOAT32, nullptr));
}

TEST(precision_autocast) {
  int supported = 0, previous = -1, dims = 0, type = 0, device = 0, index = 0;
  OK(cnn_supports_precision(CNN_CPU, 0, CNN_PRECISION_BFLOAT16, &supported));
  FAILS(cnn_set_autocast(CNN_CPU, 0, 1, nullptr));
  OK(cnn_set_autocast(CNN_CPU, 0, 1, &previous));
  CHECK(previous == 0);
  if (supported != 0) {
    auto input = check::floats({2, 3});
    auto weight = check::floats({4, 3});
    auto product = MADE(cnn_linear, input, weight, 0);
    int64_t sizes[CNN_MAX_DIMS];
    OK(cnn_tensor_info(product, sizes, &dims, &type, &device, &index));
    CHECK(type == CNN_BFLOAT16);
    auto wide = MADE(cnn_to_float, product);
    CHECK(check::read(wide).size() == 8);
    float values[8];
    FAILS(cnn_read(product, values, 8));
  }
  OK(cnn_set_autocast(CNN_CPU, 0, 0, &previous));
  CHECK(previous == 1);
  cnn_handle out = 0;
  BAD_HANDLE(cnn_to_float(0, &out));
}

TEST(precision_numeric_mode) {
  OK(cnn_set_numeric_mode(1, 1));
  auto sum = MADE(cnn_add, check::floats({2}), check::floats({2}));
  CHECK(check::read(sum)[1] == 0.5f);
  OK(cnn_set_numeric_mode(0, 0));
}
