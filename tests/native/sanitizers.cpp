// What the sanitizers are told; in a plain build nobody asks. There is nothing to suppress: what libtorch keeps till
// the process ends it keeps reachable.

/// Sizes too large shall fail as without the sanitizer, and not end the program. CUDA's driver, where there is one,
/// cannot start while the gap in the shadow memory is protected.
extern "C" const char* __asan_default_options() { return "allocator_may_return_null=1:protect_shadow_gap=0"; }

extern "C" const char* __ubsan_default_options() { return "print_stacktrace=1"; }
