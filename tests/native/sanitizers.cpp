// What the sanitizers are told; in a plain build nobody asks. There is nothing to suppress: what libtorch keeps till the
// process ends it keeps reachable.

/// Sizes too large shall fail as without the sanitizer, and not end the program.
extern "C" const char* __asan_default_options() { return "allocator_may_return_null=1"; }

extern "C" const char* __ubsan_default_options() { return "print_stacktrace=1"; }
