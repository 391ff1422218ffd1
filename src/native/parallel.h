#pragma once

#include <cstdint>
#include <functional>

namespace cnn {

/// Runs body(begin, end) over the ranges of 0..count on libtorch's own threads, at least grain items to a thread.
void parallel_ranges(int64_t count, int64_t grain, const std::function<void(int64_t, int64_t)>& body);

}  // namespace cnn
