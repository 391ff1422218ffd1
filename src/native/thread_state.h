// What libtorch keeps for each thread and CnnTools wants the same on all.
#pragma once

namespace cnn {

/// Brings the calling thread up to date: the thread count, and no warnings on stderr. Every guarded function begins
/// with it, since the managed side calls from whatever thread it likes.
void prepare_thread();

void set_threads(int count);
int threads();

}  // namespace cnn
