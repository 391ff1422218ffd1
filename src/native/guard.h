// The wall between C++ and the C ABI: no exception passes it.
#pragma once

#include "api.h"
#include "thread_state.h"

namespace cnn {

/// Turns the exception in flight into a status and this thread's last error.
int report_exception() noexcept;

const char* last_error() noexcept;

}  // namespace cnn

/// Begins and ends the body of every function that can fail.
#define CNN_TRY \
  try {         \
    cnn::prepare_thread();
#define CNN_END                     \
  return CNN_OK;                    \
  }                                 \
  catch (...) {                     \
    return cnn::report_exception(); \
  }
