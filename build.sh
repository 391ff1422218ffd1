#!/usr/bin/env bash
# The entry for a machine that has the .NET 10 SDK and perhaps nothing else: says what it is about to install, asks,
# installs it, and hands over to build.ps1. Where no PowerShell is to be had, it does what can be done without.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
  cat <<'END'
usage: ./build.sh [build|test|demo|bench|package] [--yes] [--backend NAME] [--cuda] [--libtorch PATH] [--with-parity]
                  [-- ARGUMENTS]
  build          the whole solution, with LibTorch the native library too
  test           builds, runs all tests that can run here, ends with the totals
  demo           trains LeNet5 on the built-in SynthDigits
  bench          measures against PyTorch
  package        makes the module folder and its .zip in out/
  --yes          installs what is missing without asking
  --backend      LibTorch: a native library built here on the system's libtorch, as is usual on Linux.
                 TorchSharp: NuGet packages only, as is usual elsewhere
  --cuda         with TorchSharp, libtorch for CUDA in place of that for the CPU
  --libtorch     with LibTorch, builds on this libtorch (an unpacked zip, or site-packages/torch) and not on the system's
  --with-parity  installs PyTorch for Python too, and ONNX Runtime where npm is there, which tests compare with
  ARGUMENTS      go to the demo or the benchmark
END
}

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

task=build
backend=${CNNTOOLS_BACKEND:-}
cuda=
libtorch=
yes=
parity=
arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    build|test|demo|bench|package) task=$1 ;;
    --yes|-y) yes=1 ;;
    --backend) [ $# -gt 1 ] || fail "--backend wants a name"; shift; backend=$1 ;;
    --cuda) cuda=1 ;;
    --libtorch) [ $# -gt 1 ] || fail "--libtorch wants a path"; shift; libtorch=$(realpath -e "$1" 2>/dev/null) || fail "--libtorch: there is no $1"; export CNNTOOLS_LIBTORCH=$libtorch ;;
    --with-parity) parity=1 ;;
    --help|-h) usage; exit 0 ;;
    --) shift; arguments=("$@"); break ;;
    *) usage >&2; fail "unknown argument: $1" ;;
  esac
  shift
done

[ -n "$backend" ] || case $(uname) in Linux) backend=LibTorch ;; *) backend=TorchSharp ;; esac
case $backend in
  LibTorch)
    solution=CnnTools.slnx
    [ -z "$cuda" ] || fail "--cuda goes with --backend TorchSharp. With LibTorch give a libtorch that has CUDA: --libtorch PATH."
    ;;
  TorchSharp)
    solution=CnnTools.TorchSharp.slnx
    [ -z "$libtorch" ] || fail "--libtorch goes with --backend LibTorch: TorchSharp brings its own."
    ;;
  *) fail "There is no backend '$backend': it is LibTorch or TorchSharp." ;;
esac
# For the builds that tests and the demo start, too.
export CNNTOOLS_BACKEND=$backend
[ -z "$cuda" ] || export CNNTOOLS_CUDA=true

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
# Build servers that stay would hold the output of whoever waits for this script to end.
[ -t 1 ] || export MSBUILDDISABLENODEREUSE=1 NO_COLOR=1

command -v dotnet >/dev/null || fail "The .NET 10 SDK is needed and there is no dotnet on the PATH. Get it from https://dotnet.microsoft.com/download or from your distribution."
sdk=$(dotnet --list-sdks | cut -d. -f1 | sort -n | tail -n 1)
[ "${sdk:-0}" -ge 10 ] || fail "The .NET 10 SDK is needed; the newest here is ${sdk:-none}."

# --- what is missing ---------------------------------------------------------------------------------------------

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
tools=out/tools
# A pwsh that is new enough, on the PATH or from an earlier run of this script.
find_pwsh() {
  local candidate version
  for candidate in pwsh "$PWD/$tools/pwsh"; do
    version=$("$candidate" --version 2>/dev/null </dev/null) || continue
    if printf '7.6\n%s\n' "${version#PowerShell }" | sort -C -V; then
      command -v "$candidate"
      return
    fi
  done
}

missing=()
if [ $backend = LibTorch ]; then
  command -v cmake >/dev/null || missing+=(cmake)
  command -v make >/dev/null || missing+=(make)
  command -v c++ >/dev/null || missing+=(g++)
  if [ -z "${CNNTOOLS_LIBTORCH:-}" ] && [ ! -e /usr/local/include/ATen/ATen.h ]; then
    for package in libtorch-dev libopenblas0-pthread; do
      installed "$package" || missing+=("$package")
    done
  fi
  for package in libjpeg62-turbo-dev libpng-dev; do
    installed "$package" || missing+=("$package")
  done
fi
if [ -n "$parity" ]; then
  for package in python3-torch python3-torchvision; do
    installed "$package" || missing+=("$package")
  done
fi

pwsh=$(find_pwsh)
# Written once the feed was found not to have it, so that not every build asks again.
no_powershell=$tools/feed-has-no-powershell
want_pwsh=
[ -n "$pwsh" ] || [ -e "$no_powershell" ] || want_pwsh=1

# --- getting it --------------------------------------------------------------------------------------------------

if [ ${#missing[@]} -gt 0 ] && ! command -v apt-get >/dev/null; then
  say "There is no apt-get here. Needed, by the names of Debian's packages: ${missing[*]}."
  say "Going on, in case that they are there under other names (a libtorch of your own: --libtorch PATH)."
  missing=()
fi
as_root=()
if [ ${#missing[@]} -gt 0 ] && [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || fail "Packages are missing and there is no sudo. As root: apt-get install ${missing[*]}"
  as_root=(sudo)
fi
if [ ${#missing[@]} -gt 0 ] || [ -n "$want_pwsh" ]; then
  say "About to install:"
  [ ${#missing[@]} -eq 0 ] || say "  with apt-get, for the whole system: ${missing[*]}"
  [ -z "$want_pwsh" ] || say "  as a .NET tool, in $tools: PowerShell 7.6, if the NuGet feed has it"
  if [ -z "$yes" ] && [ -t 0 ] && [ -t 1 ]; then
    read -r -p "Go on? [Y/n] " answer
    case $answer in
      ''|[Yy]*) ;;
      *)
        [ ${#missing[@]} -eq 0 ] || fail "Nothing was installed; it cannot be built without."
        want_pwsh=
        ;;
    esac
  fi
fi
if [ ${#missing[@]} -gt 0 ]; then
  # One source of packages that does not answer need not keep the others from having what is wanted.
  "${as_root[@]}" apt-get update -q || say "apt-get update failed; going on with the lists there are."
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" </dev/null \
    || fail "Not installed: ${missing[*]}. Where libtorch-dev is not to be had: --libtorch PATH."
fi
if [ -n "$parity" ]; then
  if command -v npm >/dev/null; then
    npm ci --prefix tests/parity/onnx --no-audit --no-fund || say "ONNX Runtime was not installed: what compares with it is skipped."
  else
    say "There is no npm: what compares with ONNX Runtime is skipped."
  fi
fi
if [ -n "$want_pwsh" ]; then
  if answer=$(dotnet tool install --tool-path "$tools" PowerShell --version '7.6.*' 2>&1); then
    pwsh=$(find_pwsh)
    say "PowerShell is $pwsh"
  else
    say "PowerShell was not installed: $(printf '%s' "$answer" | tail -n 1)"
    case $answer in *"not found in NuGet feeds"*) mkdir -p "$tools"; touch "$no_powershell" ;; esac
  fi
fi

# The same interpreters as the tests try.
has_pytorch() {
  local python
  for python in ${CNNTOOLS_PYTHON:-python3 /usr/bin/python3}; do
    "$python" -c 'import importlib.util, sys; sys.exit(importlib.util.find_spec("torch") is None)' 2>/dev/null && return
  done
  return 1
}
case $task in
  test|bench)
    has_pytorch || say "PyTorch for Python is not here: what compares with it is skipped. ./build.sh $task --with-parity installs it."
    ;;
esac

# --- handing over ------------------------------------------------------------------------------------------------

if [ -n "$pwsh" ]; then
  [ ${#arguments[@]} -gt 0 ] || exec "$pwsh" -NoProfile -File ./build.ps1 -Task "$task"
  # -File would take --fil for build.ps1's own -Filter; a quoted list reaches -Arguments whole.
  quoted=
  for argument in "${arguments[@]}"; do quoted+=",'${argument//\'/\'\'}'"; done
  exec "$pwsh" -NoProfile -Command "& ./build.ps1 -Task $task -Arguments @(${quoted#,}); exit \$LASTEXITCODE"
fi

# --- without PowerShell ------------------------------------------------------------------------------------------

module=src/CnnTools.PowerShell/CnnTools.PowerShell.csproj
lacking="PowerShell 7.6 is not here."
build() { dotnet build "$@" --configuration Release --nologo; }

# Runs the xunit projects and the native test, and adds up what their .trx files and its last line say.
run_tests() {
  local results=$PWD/out/test-results passed=0 failed=0 skipped=0 broken=0 project name code
  local counters total executed good lost
  rm -rf "$results"
  mkdir -p "$results"
  for project in $(sed -n 's/.*Path="\(tests\/[^"]*\)".*/\1/p' $solution); do
    name=$(basename "$project" .csproj)
    code=0
    dotnet test "$project" --no-build --nologo -tl:off --configuration Release \
      --logger "trx;LogFileName=$results/$name.trx" </dev/null || code=$?
    counters=$(grep -o '<Counters [^>]*>' "$results/$name.trx" 2>/dev/null) || counters=
    total=$(sed -n 's/.* total="\([0-9]*\)".*/\1/p' <<<"$counters")
    executed=$(sed -n 's/.* executed="\([0-9]*\)".*/\1/p' <<<"$counters")
    good=$(sed -n 's/.* passed="\([0-9]*\)".*/\1/p' <<<"$counters")
    if [ "${total:-0}" -eq 0 ] || { [ $code -ne 0 ] && [ "$executed" -eq "$good" ]; }; then
      say "BROKEN: $name ended with exit code $code after ${total:-0} tests"
      broken=1
    fi
    passed=$((passed + ${good:-0}))
    failed=$((failed + ${executed:-0} - ${good:-0}))
    skipped=$((skipped + ${total:-0} - ${executed:-0}))
  done
  if [ $backend = LibTorch ]; then
    code=0
    tests/native/run.sh | tee "$results/native.txt" || code=$?
    counters=$(tail -n 1 "$results/native.txt" | grep -xE '[0-9]+ passed, [0-9]+ failed') || counters="0 passed, 0 failed"
    read -r good _ lost _ <<<"$counters"
    if [ $code -ne 0 ] && [ "$lost" -eq 0 ]; then
      say "BROKEN: the native test ended with exit code $code"
      broken=1
    fi
    passed=$((passed + good))
    failed=$((failed + lost))
  fi
  say ""
  say "NOT RUN: tests/*.Tests.ps1, the tests of the cmdlets. $lacking"
  say "$passed passed, $failed failed, $skipped skipped"
  [ $failed -eq 0 ] && [ $broken -eq 0 ]
}

case $task in
  build)
    build $solution
    say "$lacking The cmdlets want it; examples/*.cs run without: dotnet run examples/train-synthdigits.cs"
    ;;
  test)
    build $solution
    run_tests
    ;;
  demo)
    say "$lacking The cmdlets want it; the same training runs as a C# program on the same engine."
    say "Building; that takes a minute or two at the first time."
    dotnet run --configuration Release examples/train-synthdigits.cs -- ${arguments[@]+"${arguments[@]}"}
    say "NOT SHOWN: the cmdlets. $lacking"
    ;;
  bench)
    dotnet run --project bench/CnnTools.Bench --configuration Release -- ${arguments[@]+"${arguments[@]}"}
    ;;
  package)
    build $module -t:PackageModule
    ;;
esac
