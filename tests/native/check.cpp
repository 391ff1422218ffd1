#include "check.h"

#include <atomic>
#include <cstdio>
#include <cstring>
#include <mutex>

namespace check {
namespace {

struct Entry {
  const char* name;
  void (*body)();
};

std::vector<Entry>& tests() {
  static std::vector<Entry> all;
  return all;
}

std::atomic<int> failures{0};  // of the test that runs
std::mutex output;

template <class T>
std::vector<T> cycle(const Sizes& sizes, int period, T step) {
  int64_t count = 1;
  for (int64_t size : sizes) {
    count *= size;
  }
  std::vector<T> values;
  for (int64_t i = 0; i < count; i++) {
    values.push_back(static_cast<T>(static_cast<T>(i % period) * step));
  }
  return values;
}

int dims(const Sizes& sizes) { return static_cast<int>(sizes.size()); }

}  // namespace

Test::Test(const char* name, void (*body)()) { tests().push_back({name, body}); }

void that(bool good, const char* file, int line, const std::string& what) {
  if (!good) {
    std::lock_guard<std::mutex> lock(output);
    std::printf("  %s:%d: %s\n", file, line, what.c_str());
    failures++;
  }
}

void status(int wanted, int got, const char* file, int line, const char* call) {
  std::string words = got == CNN_OK ? "" : cnn_last_error();
  that(wanted == got, file, line, std::string(call) + " gave " + std::to_string(got) + ", not " +
      std::to_string(wanted) + ": " + words);
  that(got == CNN_OK || !words.empty(), file, line, std::string(call) + " failed without a message");
}

cnn_handle Handle::close() {
  cnn_handle id = id_;
  id_ = 0;
  OK(cnn_free(id));
  return id;
}

Handle floats(const Sizes& sizes) { return floats(sizes, cycle<float>(sizes, 16, 0.25f)); }

Handle floats(const Sizes& sizes, const std::vector<float>& values) {
  return MADE(cnn_from_floats, values.data(), sizes.data(), dims(sizes), CNN_CPU, 0);
}

Handle bytes(const Sizes& sizes) {
  std::vector<uint8_t> values = cycle<uint8_t>(sizes, 256, 1);
  return MADE(cnn_from_bytes, values.data(), sizes.data(), dims(sizes), CNN_CPU, 0);
}

Handle indices(const std::vector<int64_t>& values) {
  return MADE(cnn_from_indices, values.data(), static_cast<int64_t>(values.size()), CNN_CPU, 0);
}

Handle generator(uint64_t seed) { return MADE(cnn_create_generator, CNN_CPU, 0, seed); }

Sizes sizes(cnn_handle tensor) {
  int64_t found[CNN_MAX_DIMS];
  int count = 0, element_type, device_type, device_index;
  OK(cnn_tensor_info(tensor, found, &count, &element_type, &device_type, &device_index));
  return Sizes(found, found + count);
}

std::vector<float> read(cnn_handle tensor) {
  int64_t count = 1;
  for (int64_t size : sizes(tensor)) {
    count *= size;
  }
  std::vector<float> values(static_cast<size_t>(count));
  OK(cnn_read(tensor, values.data(), count));
  return values;
}

float scalar(cnn_handle tensor) {
  float value = 0;
  OK(cnn_read_scalar(tensor, &value));
  return value;
}

/// Runs the tests whose names hold the word, and says how many did well.
int run(const char* word) {
  int passed = 0, failed = 0;
  for (const Entry& test : tests()) {
    if (std::strstr(test.name, word) == nullptr) {
      continue;
    }
    failures = 0;
    int64_t before = cnn_live_handles();
    test.body();
    CHECK(cnn_live_handles() == before);
    std::printf("%s %s\n", failures == 0 ? "ok" : "FAILED", test.name);
    std::fflush(stdout);  // a crash in the next must not lose it
    (failures == 0 ? passed : failed)++;
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}

}  // namespace check

int main(int count, char** words) { return check::run(count > 1 ? words[1] : ""); }
