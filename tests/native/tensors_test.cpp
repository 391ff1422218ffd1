// Making, copying, reading and freeing tensors.
#include <limits>

#include "check.h"

using check::Sizes;

namespace {

constexpr int64_t most = std::numeric_limits<int64_t>::max();

int zeros(const Sizes& sizes, cnn_handle* out) {
  return cnn_zeros(sizes.data(), static_cast<int>(sizes.size()), CNN_CPU, 0, out);
}

}  // namespace

TEST(tensors_are_made_and_read) {
  auto a = check::floats({2, 3}, {1, 2, 3, 4, 5, 6});
  CHECK(check::read(a) == std::vector<float>({1, 2, 3, 4, 5, 6}));
  const float other[] = {6, 5, 4, 3, 2, 1};
  OK(cnn_write(a, other, 6));
  CHECK(check::read(a)[0] == 6);
  CHECK(check::scalar(check::floats({}, {7})) == 7);

  int64_t sizes[CNN_MAX_DIMS];
  int dims, element_type, device_type, device_index;
  OK(cnn_tensor_info(check::bytes({1, 2, 3, 4}), sizes, &dims, &element_type, &device_type, &device_index));
  CHECK(dims == 4 && sizes[3] == 4 && element_type == CNN_UINT8 && device_type == CNN_CPU && device_index == 0);
  OK(cnn_tensor_info(check::indices({1, 2}), sizes, &dims, &element_type, &device_type, &device_index));
  CHECK(dims == 1 && sizes[0] == 2 && element_type == CNN_INT64);
}

TEST(tensors_are_copied) {
  auto a = check::floats({2, 3, 2, 2});
  for (int layout : {CNN_CONTIGUOUS, CNN_CHANNELS_LAST}) {
    auto b = MADE(cnn_copy, a, CNN_CPU, 0, layout);
    CHECK(check::read(a) == check::read(b));
  }
  cnn_handle out = 0;
  FAILS(cnn_copy(a, CNN_CPU, 0, 2, &out));
  FAILS(cnn_copy(a, CNN_CPU, 1, 0, &out));
  FAILS(cnn_copy(a, CNN_CPU, 0, 0, nullptr));
  CHECK(out == 0);
}

TEST(tensors_without_values) {
  cnn_handle out = 0;
  const Sizes empty{0, 3};
  OK(cnn_from_floats(nullptr, empty.data(), 2, CNN_CPU, 0, &out));
  OK(cnn_read(out, nullptr, 0));
  OK(cnn_write(out, nullptr, 0));
  OK(cnn_free(out));
  OK(cnn_from_bytes(nullptr, empty.data(), 2, CNN_CPU, 0, &out));
  OK(cnn_free(out));
  OK(cnn_from_indices(nullptr, 0, CNN_CPU, 0, &out));
  OK(cnn_free(out));
  OK(cnn_zeros(nullptr, 0, CNN_CPU, 0, &out));  // no dimensions: one value
  CHECK(check::scalar(out) == 0);
  OK(cnn_free(out));
}

TEST(tensors_of_null_pointers) {
  const int64_t size = 2;
  const float values[2] = {};
  const uint8_t bytes[2] = {};
  cnn_handle out = 0;
  FAILS(cnn_from_floats(nullptr, &size, 1, CNN_CPU, 0, &out));
  FAILS(cnn_from_floats(values, nullptr, 1, CNN_CPU, 0, &out));
  FAILS(cnn_from_floats(values, &size, 1, CNN_CPU, 0, nullptr));
  FAILS(cnn_from_bytes(nullptr, &size, 1, CNN_CPU, 0, &out));
  FAILS(cnn_from_bytes(bytes, nullptr, 1, CNN_CPU, 0, &out));
  FAILS(cnn_from_bytes(bytes, &size, 1, CNN_CPU, 0, nullptr));
  FAILS(cnn_from_indices(nullptr, 2, CNN_CPU, 0, &out));
  FAILS(cnn_from_indices(&size, 1, CNN_CPU, 0, nullptr));
  FAILS(cnn_zeros(nullptr, 1, CNN_CPU, 0, &out));
  FAILS(cnn_zeros(&size, 1, CNN_CPU, 0, nullptr));
  CHECK(out == 0);

  auto a = check::floats({2});
  FAILS(cnn_read(a, nullptr, 2));
  FAILS(cnn_write(a, nullptr, 2));
  FAILS(cnn_read_scalar(check::floats({1}), nullptr));
  int64_t sizes[CNN_MAX_DIMS];
  int i;
  FAILS(cnn_tensor_info(a, nullptr, &i, &i, &i, &i));
  FAILS(cnn_tensor_info(a, sizes, nullptr, &i, &i, &i));
  FAILS(cnn_tensor_info(a, sizes, &i, nullptr, &i, &i));
  FAILS(cnn_tensor_info(a, sizes, &i, &i, nullptr, &i));
  FAILS(cnn_tensor_info(a, sizes, &i, &i, &i, nullptr));
}

TEST(tensors_of_negative_sizes) {
  const float value = 0;
  const uint8_t byte = 0;
  const int64_t minus = -1, least = std::numeric_limits<int64_t>::min();
  cnn_handle out = 0;
  FAILS(zeros({2, -1}, &out));
  FAILS(zeros({-1, -1}, &out));
  FAILS(zeros({least}, &out));
  FAILS(cnn_from_floats(&value, &minus, 1, CNN_CPU, 0, &out));
  FAILS(cnn_from_bytes(&byte, &least, 1, CNN_CPU, 0, &out));
  FAILS(cnn_from_indices(&minus, -1, CNN_CPU, 0, &out));
  FAILS(cnn_zeros(&minus, -1, CNN_CPU, 0, &out));
  FAILS(cnn_from_floats(&value, &minus, std::numeric_limits<int>::min(), CNN_CPU, 0, &out));
  FAILS(zeros(Sizes(CNN_MAX_DIMS + 1, 1), &out));
  CHECK(out == 0);
}

TEST(tensors_larger_than_memory) {
  const float value = 0;
  const uint8_t byte = 0;
  const int64_t index = 0;
  const Sizes wraps{int64_t{1} << 32, int64_t{1} << 32};  // 2^64 values: 0, if nobody looks
  cnn_handle out = 0;
  NO_MEMORY(zeros({int64_t{1} << 50}, &out));
  NO_MEMORY(zeros({most}, &out));
  NO_MEMORY(zeros(wraps, &out));
  NO_MEMORY(zeros({most, most, most}, &out));
  NO_MEMORY(zeros({0, most, most}, &out));  // no values, but strides beyond all numbers
  NO_MEMORY(cnn_from_floats(&value, wraps.data(), 2, CNN_CPU, 0, &out));
  NO_MEMORY(cnn_from_bytes(&byte, wraps.data(), 2, CNN_CPU, 0, &out));
  NO_MEMORY(cnn_from_indices(&index, most, CNN_CPU, 0, &out));
  NO_MEMORY(cnn_from_indices(&index, int64_t{1} << 50, CNN_CPU, 0, &out));
  CHECK(out == 0);
}

TEST(tensors_read_and_written_wrongly) {
  float values[4] = {};
  auto a = check::floats({2});
  for (int64_t count : {int64_t{-1}, int64_t{0}, int64_t{1}, int64_t{3}, most}) {
    FAILS(cnn_read(a, values, count));
    FAILS(cnn_write(a, values, count));
  }
  FAILS(cnn_read(check::bytes({2}), values, 2));
  FAILS(cnn_write(check::indices({1, 2}), values, 2));
  FAILS(cnn_read_scalar(a, values));
  FAILS(cnn_read_scalar(check::bytes({1}), values));
}
