#include "thread_state.h"

#include <ATen/Parallel.h>
#include <c10/util/Exception.h>
#include <dlfcn.h>
#include <torch/version.h>

#include <atomic>

namespace cnn {
namespace {

struct SilentHandler : c10::WarningHandler {
#if TORCH_VERSION_MAJOR >= 2
  void process(const c10::Warning&) override {}
#else
  void process(const c10::SourceLocation&, const std::string&, bool) override {}
#endif
};

#if TORCH_VERSION_MAJOR >= 2
namespace warnings = c10::WarningUtils;
#else
namespace warnings = c10::Warning;
#endif

// OpenMP ends the process when it cannot start the threads it was told to use.
constexpr int most_threads = 1024;

std::atomic<int> thread_count{0};  // 0: not set yet, libtorch's own default

}  // namespace

void prepare_thread() {
  static SilentHandler* handler = new SilentHandler;
  static thread_local bool silent = false;
  static thread_local int applied = 0;
  if (!silent) {
    warnings::set_warning_handler(handler);
    silent = true;
  }
  int wanted = thread_count.load(std::memory_order_relaxed);
  if (applied != wanted) {
    at::set_num_threads(wanted);  // OpenMP holds this per thread
    applied = wanted;
  }
}

void set_threads(int count) {
  TORCH_CHECK(count > 0 && count <= most_threads, count, " threads; 1 to ", most_threads, " can be had");
  thread_count = count;
  prepare_thread();
  // OpenBLAS keeps a count of its own, for the whole process. Absent where libtorch brings another BLAS.
  using Setter = void (*)(int);
  if (auto set = reinterpret_cast<Setter>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) {
    set(count);
  }
}

int threads() {
  int count = thread_count.load(std::memory_order_relaxed);
  return count > 0 ? count : at::get_num_threads();
}

}  // namespace cnn
