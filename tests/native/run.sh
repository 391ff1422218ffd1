#!/bin/sh
# Builds src/native once more, with sanitizers and its test, apart from the product's build, and runs the test.
# An argument chooses the tests whose names hold it. The last line says: N passed, N failed.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p out
sanitize=address,undefined
build=out/native-sanitized
# Linking shows whether the runtimes are there, running whether they may work here: looking for leaks takes ptrace.
probe=$(mktemp out/probe.XXXXXX)
if ! { echo 'int main() {}' | c++ -x c++ -fsanitize=$sanitize - -o "$probe" && "$probe"; } 2>/dev/null; then
  echo "NOT SANITIZED: the compiler's address and undefined sanitizers do not work here. The native test runs without."
  sanitize=
  build=out/native-plain
fi
rm "$probe"
cmake -S src/native -B $build -DCNN_TESTS=ON -DCNN_SANITIZE=$sanitize -DCNN_LIBTORCH="${CNNTOOLS_LIBTORCH:-}" >/dev/null
cmake --build $build --parallel "$(nproc)"
exec $build/tests/native-tests "$@"
