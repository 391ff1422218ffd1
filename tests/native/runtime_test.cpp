// Versions, threads and devices.
#include <cstring>

#include "check.h"

TEST(runtime_describes_itself) {
  CHECK(std::strchr(cnn_runtime_version(), '.') != nullptr);
  CHECK(cnn_last_error() != nullptr);
  CHECK(cnn_live_handles() == 0);
}

TEST(runtime_threads) {
  OK(cnn_set_threads(2));
  CHECK(cnn_get_threads() == 2);
  FAILS(cnn_set_threads(0));
  FAILS(cnn_set_threads(-1));
  FAILS(cnn_set_threads(2000000000));
  CHECK(cnn_get_threads() == 2);
  OK(cnn_set_threads(1));
}

TEST(runtime_devices) {
  int count = 0;
  OK(cnn_device_count(CNN_CPU, &count));
  CHECK(count == 1);
  OK(cnn_device_count(CNN_CUDA, &count));
  FAILS(cnn_device_count(7, &count));
  FAILS(cnn_device_count(CNN_CPU, nullptr));

  char name[64];
  int64_t total = 0, free = 0, peak = 0;
  OK(cnn_device_info(CNN_CPU, 0, name, sizeof name, &total, &free));
  CHECK(name[0] != 0 && total > 0 && free > 0);
  OK(cnn_device_info(CNN_CPU, 0, name, 1, &total, &free));
  CHECK(name[0] == 0);
  FAILS(cnn_device_info(CNN_CPU, 0, name, 0, &total, &free));
  FAILS(cnn_device_info(CNN_CPU, 0, name, -1, &total, &free));
  FAILS(cnn_device_info(CNN_CPU, 0, nullptr, 64, &total, &free));
  FAILS(cnn_device_info(CNN_CPU, 0, name, sizeof name, nullptr, &free));
  FAILS(cnn_device_info(CNN_CPU, 0, name, sizeof name, &total, nullptr));
  OK(cnn_peak_memory(CNN_CPU, 0, &peak));
  CHECK(peak > 0);
  FAILS(cnn_peak_memory(CNN_CPU, 0, nullptr));
}

TEST(runtime_devices_that_are_not) {
  int cuda_devices = 0;
  OK(cnn_device_count(CNN_CUDA, &cuda_devices));
  char name[64];
  int64_t total, free, size = 2;
  cnn_handle out = 0;
  struct { int type, index; } missing[] = {
      {CNN_CPU, 1}, {CNN_CPU, -1}, {CNN_CUDA, cuda_devices}, {CNN_CUDA, -1}, {CNN_CUDA, 256}, {2, 0}, {-1, 0}};
  for (auto device : missing) {
    FAILS(cnn_device_info(device.type, device.index, name, sizeof name, &total, &free));
    FAILS(cnn_peak_memory(device.type, device.index, &total));
    FAILS(cnn_zeros(&size, 1, device.type, device.index, &out));
    FAILS(cnn_create_generator(device.type, device.index, 1, &out));
  }
  CHECK(out == 0);
}
