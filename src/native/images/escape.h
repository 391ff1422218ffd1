// The way out of a C library whose error handler must not return: longjmp to where the library was entered, and from
// there an exception.
#pragma once

#include <csetjmp>
#include <cstdio>

#include "images/image_error.h"

namespace cnn {

struct Escape {
  jmp_buf back;
  int status = CNN_BAD_IMAGE;
  char words[256] = "";

  /// Within enter() only.
  [[noreturn]] void leave(int kind, const char* message) {
    status = kind;
    std::snprintf(words, sizeof words, "%s", message);
    std::longjmp(back, 1);
  }
};

/// Runs what may leave. It must own no object whose destructor the jump would pass over.
template <class Body>
void enter(Escape& escape, const Body& body) {
  if (setjmp(escape.back) != 0) {
    throw ImageError(escape.status, escape.words);
  }
  body();
}

}  // namespace cnn
