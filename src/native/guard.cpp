#include "guard.h"

#include <c10/util/Exception.h>

#include <cstring>
#include <new>
#include <string>

#include "handles.h"
#include "images/image_error.h"

namespace cnn {
namespace {

thread_local std::string error_message;

int report(int status, const char* message) noexcept {
  try {
    error_message = message;
  } catch (...) {
    error_message.clear();  // no memory for the words; the status still tells
  }
  return status;
}

// Older allocators throw a plain c10::Error, and sizes whose product is no number never reach one.
bool tells_of_memory(const char* message) {
  for (const char* words : {"DefaultCPUAllocator", "CUDA out of memory", "Storage size calculation overflowed"}) {
    if (std::strstr(message, words) != nullptr) {
      return true;
    }
  }
  return false;
}

}  // namespace

int report_exception() noexcept {
  try {
    throw;
  } catch (const InvalidHandle& e) {
    return report(CNN_INVALID_HANDLE, e.what());
  } catch (const ImageError& e) {
    return report(e.status, e.what());
  } catch (const c10::OutOfMemoryError& e) {
    return report(CNN_OUT_OF_MEMORY, e.what_without_backtrace());
  } catch (const c10::Error& e) {
    const char* message = e.what_without_backtrace();
    return report(tells_of_memory(message) ? CNN_OUT_OF_MEMORY : CNN_FAILED, message);
  } catch (const std::bad_alloc&) {
    return report(CNN_OUT_OF_MEMORY, "the C++ library could not allocate memory");
  } catch (const std::exception& e) {
    return report(tells_of_memory(e.what()) ? CNN_OUT_OF_MEMORY : CNN_FAILED, e.what());
  } catch (...) {
    return report(CNN_FAILED, "an exception of an unknown type");
  }
}

const char* last_error() noexcept { return error_message.c_str(); }

}  // namespace cnn
