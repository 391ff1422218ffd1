// The library itself: versions, errors, threads, devices.
#include <ATen/Version.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "arguments.h"
#include "devices.h"
#include "guard.h"
#include "handles.h"

namespace {

std::string loaded_version() {
  const std::string key = "TORCH_VERSION=";
  std::string text = at::show_config();
  size_t start = text.find(key);
  if (start == std::string::npos) {
    return "unknown";
  }
  start += key.size();
  return text.substr(start, text.find_first_of(", \n", start) - start);
}

/// A figure of /proc in bytes, 0 where it is not there: "VmHWM:  1234 kB".
int64_t proc_bytes(const char* file, const std::string& key) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    if (line.compare(0, key.size(), key) == 0) {
      return std::stoll(line.substr(key.size())) * 1024;
    }
  }
  return 0;
}

std::string cpu_name() {
  const std::string key = "model name";
  std::ifstream lines("/proc/cpuinfo");
  for (std::string line; std::getline(lines, line);) {
    size_t colon = line.find(": ");
    if (line.compare(0, key.size(), key) == 0 && colon != std::string::npos) {
      return line.substr(colon + 2);
    }
  }
  return "CPU";
}

}  // namespace

const char* cnn_last_error() { return cnn::last_error(); }

const char* cnn_runtime_version() {
  static const std::string version = loaded_version();
  return version.c_str();
}

int64_t cnn_live_handles() { return cnn::live_handles(); }

int cnn_set_threads(int count) {
  CNN_TRY
  cnn::set_threads(count);
  CNN_END
}

int cnn_get_threads() { return cnn::threads(); }

int cnn_device_count(int type, int* count) {
  CNN_TRY
  cnn::require(count);
  TORCH_CHECK(type == CNN_CPU || type == CNN_CUDA, "unknown device type ", type);
#ifdef CNN_WITH_CUDA
  *count = type == CNN_CUDA ? cnn::cuda_count() : 1;
#else
  *count = type == CNN_CUDA ? 0 : 1;
#endif
  CNN_END
}

int cnn_device_info(int type, int index, char* name, int capacity, int64_t* total, int64_t* free) {
  CNN_TRY
  cnn::require(name, total, free);
  TORCH_CHECK(capacity > 0, "room for ", capacity, " characters");
  at::Device device = cnn::device(type, index);
#ifdef CNN_WITH_CUDA
  if (device.is_cuda()) {
    cnn::cuda_info(index, name, capacity, total, free);
    return CNN_OK;
  }
#endif
  TORCH_CHECK(device.is_cpu());
  std::snprintf(name, static_cast<size_t>(capacity), "%s", cpu_name().c_str());
  *total = proc_bytes("/proc/meminfo", "MemTotal:");
  *free = proc_bytes("/proc/meminfo", "MemAvailable:");
  CNN_END
}

int cnn_peak_memory(int type, int index, int64_t* bytes) {
  CNN_TRY
  cnn::require(bytes);
  at::Device device = cnn::device(type, index);
#ifdef CNN_WITH_CUDA
  if (device.is_cuda()) {
    *bytes = cnn::cuda_peak_memory(index);
    return CNN_OK;
  }
#endif
  TORCH_CHECK(device.is_cpu());
  *bytes = proc_bytes("/proc/self/status", "VmHWM:");
  CNN_END
}
