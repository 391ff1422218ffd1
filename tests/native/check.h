// A test program of its own, without a framework: tests register themselves, failed checks are counted, and each test
// must leave as many handles as it found.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "api.h"

namespace check {

/// Any thread.
void that(bool good, const char* file, int line, const std::string& what);
void status(int wanted, int got, const char* file, int line, const char* call);

struct Test {
  Test(const char* name, void (*body)());
};

/// Owns a handle. Converts to it, so that it goes where the ABI wants one.
class Handle {
 public:
  explicit Handle(cnn_handle id) : id_(id) {}
  Handle(Handle&& other) noexcept : id_(other.id_) { other.id_ = 0; }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  Handle& operator=(Handle&&) = delete;
  ~Handle() {
    if (id_ != 0) {
      cnn_free(id_);
    }
  }
  operator cnn_handle() const { return id_; }
  /// Frees it now and gives the id, which is a closed one from then on.
  cnn_handle close();

 private:
  cnn_handle id_;
};

using Sizes = std::vector<int64_t>;

/// 0, 0.25, 0.5, ... to 3.75, and again.
Handle floats(const Sizes& sizes);
Handle floats(const Sizes& sizes, const std::vector<float>& values);
/// 0, 1, 2, ... to 255, and again.
Handle bytes(const Sizes& sizes);
Handle indices(const std::vector<int64_t>& values);
Handle generator(uint64_t seed);

std::vector<float> read(cnn_handle tensor);
Sizes sizes(cnn_handle tensor);
float scalar(cnn_handle tensor);

/// Calls a function that ends in cnn_handle* out, checks that it worked, and owns what it gave.
#define MADE(function, ...) \
  check::made(#function, __FILE__, __LINE__, [&](cnn_handle* out) { return function(__VA_ARGS__, out); })

template <class Call>
Handle made(const char* name, const char* file, int line, Call&& call) {
  cnn_handle out = 0;
  status(CNN_OK, call(&out), file, line, name);
  return Handle(out);
}

}  // namespace check

#define TEST(name)                             \
  static void name();                          \
  static check::Test name##_test(#name, name); \
  static void name()

#define CHECK(condition) check::that((condition), __FILE__, __LINE__, #condition)
#define OK(call) check::status(CNN_OK, call, __FILE__, __LINE__, #call)
// These fail, with the status that is told, and say why.
#define FAILS(call) check::status(CNN_FAILED, call, __FILE__, __LINE__, #call)
#define BAD_HANDLE(call) check::status(CNN_INVALID_HANDLE, call, __FILE__, __LINE__, #call)
#define NO_MEMORY(call) check::status(CNN_OUT_OF_MEMORY, call, __FILE__, __LINE__, #call)
