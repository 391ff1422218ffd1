#include "handles.h"

#include <deque>
#include <mutex>
#include <string>
#include <variant>

#include "arguments.h"

namespace cnn {
namespace {

using Entry = std::variant<std::monostate, at::Tensor, at::Generator>;

struct Slot {
  uint32_t generation = 1;
  Entry entry;
};

// Never destroyed: finalizers of the managed side may still free handles while the process ends.
struct Table {
  std::mutex mutex;
  std::deque<Slot> slots;
  std::vector<uint32_t> unused;
  int64_t live = 0;
};

Table& table() {
  static Table* instance = new Table;
  return *instance;
}

constexpr uint32_t last_generation = 0x7fffffff;  // keeps ids positive

cnn_handle add(Entry entry) {
  Table& all = table();
  std::lock_guard<std::mutex> lock(all.mutex);
  if (all.unused.empty()) {
    all.slots.emplace_back();
    all.unused.push_back(static_cast<uint32_t>(all.slots.size() - 1));
  }
  uint32_t index = all.unused.back();
  all.unused.pop_back();
  Slot& slot = all.slots[index];
  slot.entry = std::move(entry);
  all.live++;
  return static_cast<cnn_handle>(slot.generation) << 32 | index;
}

/// The slot of a handle that is alive. The table's mutex must be held.
Slot& find(Table& all, cnn_handle handle) {
  if (handle == 0) {
    throw InvalidHandle("the handle is null");
  }
  auto index = static_cast<uint32_t>(handle);
  auto generation = static_cast<uint64_t>(handle) >> 32;
  if (index >= all.slots.size() || generation > all.slots[index].generation || generation == 0) {
    throw InvalidHandle("there is no such handle: " + std::to_string(handle));
  }
  Slot& slot = all.slots[index];
  if (slot.generation != generation || slot.entry.index() == 0) {
    throw InvalidHandle("the handle was closed: " + std::to_string(handle));
  }
  return slot;
}

template <class T>
T get(cnn_handle handle, const char* kind) {
  Table& all = table();
  std::lock_guard<std::mutex> lock(all.mutex);
  T* value = std::get_if<T>(&find(all, handle).entry);
  if (value == nullptr) {
    throw InvalidHandle(std::string("the handle is not a ") + kind);
  }
  return *value;
}

}  // namespace

cnn_handle keep(at::Tensor tensor) { return add(std::move(tensor)); }

cnn_handle keep(at::Generator generator) { return add(std::move(generator)); }

at::Tensor tensor(cnn_handle handle) { return get<at::Tensor>(handle, "tensor"); }

at::Generator generator(cnn_handle handle) { return get<at::Generator>(handle, "generator"); }

std::vector<at::Tensor> tensors(const cnn_handle* handles, int count) {
  require_array(handles, count);
  std::vector<at::Tensor> result;
  result.reserve(static_cast<size_t>(count));
  for (int i = 0; i < count; i++) {
    result.push_back(tensor(handles[i]));
  }
  return result;
}

at::Tensor optional_tensor(cnn_handle handle) { return handle == 0 ? at::Tensor() : tensor(handle); }

void release(cnn_handle handle) {
  Entry last;  // destroyed after the lock is gone: freeing a graph can take long
  Table& all = table();
  std::lock_guard<std::mutex> lock(all.mutex);
  Slot& slot = find(all, handle);
  last = std::move(slot.entry);
  slot.entry = std::monostate();
  all.live--;
  if (slot.generation < last_generation) {
    slot.generation++;
    all.unused.push_back(static_cast<uint32_t>(handle));
  }
}

int64_t live_handles() {
  Table& all = table();
  std::lock_guard<std::mutex> lock(all.mutex);
  return all.live;
}

}  // namespace cnn
