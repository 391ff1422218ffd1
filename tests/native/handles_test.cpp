// Every handle of every function: null, closed, invented, or of the other kind is an error, and out is untouched.
#include <functional>
#include <limits>

#include "check.h"

namespace {

/// Good handles, to stand beside the bad one.
struct Good {
  check::Handle image = check::floats({1, 2, 4, 4});
  check::Handle weight = check::floats({2, 2, 1, 1});
  check::Handle vector = check::floats({2});
  check::Handle matrix = check::floats({2, 2});
  check::Handle labels = check::indices({0, 1});
  check::Handle pictures = check::bytes({2, 1, 2, 2});
  check::Handle lookup = check::floats({1, 256});
  check::Handle random = check::generator(1);
};

using Call = std::function<int(cnn_handle bad, cnn_handle* out)>;

void refuse(const char* name, const Call& call, cnn_handle bad) {
  cnn_handle out = -7;
  check::status(CNN_INVALID_HANDLE, call(bad, &out), __FILE__, __LINE__, name);
  CHECK(out == -7);
}

constexpr int optional = 1, wants_generator = 2;

void refuse_all(const char* name, int what, const Call& call) {
  if ((what & optional) == 0) {
    refuse(name, call, 0);
  }
  refuse(name, call, check::floats({1}).close());
  refuse(name, call, check::generator(1).close());
  // An id's upper half is its generation, which starts at 1; its lower half the slot.
  for (cnn_handle invented : {
           cnn_handle{1}, cnn_handle{-1}, cnn_handle{0x7fffffff}, cnn_handle{1} << 32 | 0xffffffff,
           cnn_handle{0x12345678} << 32, std::numeric_limits<cnn_handle>::min(),
           std::numeric_limits<cnn_handle>::max()}) {
    refuse(name, call, invented);
  }
  refuse(name, call, (what & wants_generator) != 0 ? check::floats({1}) : check::generator(1));
}

#define REFUSES(what, call) refuse_all(#call, what, [&](cnn_handle bad, cnn_handle* out) { (void)out; return call; })

}  // namespace

TEST(handles_of_tensor_functions) {
  float values[2];
  int64_t sizes[CNN_MAX_DIMS];
  int i;
  REFUSES(0, cnn_copy(bad, CNN_CPU, 0, 0, out));
  REFUSES(0, cnn_tensor_info(bad, sizes, &i, &i, &i, &i));
  REFUSES(0, cnn_read(bad, values, 1));
  REFUSES(0, cnn_write(bad, values, 1));
  REFUSES(0, cnn_read_scalar(bad, values));
}

TEST(handles_of_layers) {
  Good good;
  REFUSES(0, cnn_conv2d(bad, good.weight, 0, 1, 1, 0, 0, 1, 1, 1, out));
  REFUSES(0, cnn_conv2d(good.image, bad, 0, 1, 1, 0, 0, 1, 1, 1, out));
  REFUSES(optional, cnn_conv2d(good.image, good.weight, bad, 1, 1, 0, 0, 1, 1, 1, out));
  REFUSES(0, cnn_pad2d(bad, 1, 1, 1, 1, CNN_PAD_ZEROS, 0, out));
  REFUSES(0, cnn_max_pool2d(bad, 2, 2, 2, 2, 0, 0, 0, out));
  REFUSES(0, cnn_avg_pool2d(bad, 2, 2, 2, 2, 0, 0, 0, 1, out));
  REFUSES(0, cnn_adaptive_avg_pool2d(bad, 1, 1, out));
  REFUSES(0, cnn_batch_norm2d(bad, 0, 0, good.vector, good.vector, 0, 0.1, 1e-5, out));
  REFUSES(optional, cnn_batch_norm2d(good.image, bad, 0, good.vector, good.vector, 0, 0.1, 1e-5, out));
  REFUSES(optional, cnn_batch_norm2d(good.image, 0, bad, good.vector, good.vector, 0, 0.1, 1e-5, out));
  REFUSES(0, cnn_batch_norm2d(good.image, 0, 0, bad, good.vector, 0, 0.1, 1e-5, out));
  REFUSES(0, cnn_batch_norm2d(good.image, 0, 0, good.vector, bad, 0, 0.1, 1e-5, out));
  REFUSES(0, cnn_linear(bad, good.matrix, 0, out));
  REFUSES(0, cnn_linear(good.matrix, bad, 0, out));
  REFUSES(optional, cnn_linear(good.matrix, good.matrix, bad, out));
  REFUSES(0, cnn_activate(bad, CNN_RELU, out));
  REFUSES(0, cnn_dropout(bad, 0.5, good.random, out));
  REFUSES(wants_generator, cnn_dropout(good.matrix, 0.5, bad, out));
  REFUSES(0, cnn_flatten(bad, out));
  REFUSES(0, cnn_concat(std::vector<cnn_handle>{good.matrix, bad}.data(), 2, 0, out));
  REFUSES(0, cnn_add(bad, good.matrix, out));
  REFUSES(0, cnn_add(good.matrix, bad, out));
  REFUSES(0, cnn_multiply(bad, good.matrix, out));
  REFUSES(0, cnn_multiply(good.matrix, bad, out));
  REFUSES(0, cnn_softmax(bad, 1, out));
  REFUSES(0, cnn_cross_entropy(bad, good.labels, 0, 0, out));
  REFUSES(0, cnn_cross_entropy(good.matrix, bad, 0, 0, out));
  int count;
  REFUSES(0, cnn_count_correct(bad, good.labels, &count));
  REFUSES(0, cnn_count_correct(good.matrix, bad, &count));
}

TEST(handles_of_training) {
  Good good;
  const cnn_handle fine[] = {good.vector, good.vector};
  REFUSES(0, cnn_require_gradient(bad, 1));
  REFUSES(0, cnn_backward(bad));
  REFUSES(0, cnn_get_gradient(bad, out));
  REFUSES(0, cnn_clear_gradients(&bad, 1));
  REFUSES(0, cnn_sgd_step(&bad, nullptr, 1, 0.1, 0, 0, 0));
  REFUSES(0, cnn_sgd_step(fine, &bad, 1, 0.1, 0.9, 0, 0));
  REFUSES(0, cnn_adam_step(&bad, fine, fine, 1, 0.1, 0.9, 0.99, 1e-8, 0, 0, 1));
  REFUSES(0, cnn_adam_step(fine, &bad, fine, 1, 0.1, 0.9, 0.99, 1e-8, 0, 0, 1));
  REFUSES(0, cnn_adam_step(fine, fine, &bad, 1, 0.1, 0.9, 0.99, 1e-8, 0, 0, 1));
  REFUSES(0, cnn_rmsprop_step(&bad, fine, nullptr, 1, 0.1, 0.9, 1e-8, 0, 0));
  REFUSES(0, cnn_rmsprop_step(fine, &bad, nullptr, 1, 0.1, 0.9, 1e-8, 0, 0));
  REFUSES(0, cnn_rmsprop_step(fine, fine, &bad, 1, 0.1, 0.9, 1e-8, 0, 0.9));
}

TEST(handles_of_data_and_random) {
  Good good;
  const int64_t index = 0;
  uint8_t state[8] = {};
  int64_t length;
  REFUSES(0, cnn_gather_images(bad, &index, 1, good.lookup, 0, out));
  REFUSES(0, cnn_gather_images(good.pictures, &index, 1, bad, 0, out));
  REFUSES(0, cnn_gather_labels(bad, &index, 1, out));
  REFUSES(wants_generator, cnn_get_generator_state(bad, state, 0, &length));
  REFUSES(wants_generator, cnn_set_generator_state(bad, state, 8));
}

TEST(handles_are_freed_once) {
  auto a = check::floats({1});
  cnn_handle id = a.close();
  BAD_HANDLE(cnn_free(id));
  auto next = check::floats({2});  // the same slot, another generation
  BAD_HANDLE(cnn_free(id));
  BAD_HANDLE(cnn_free(0));
  BAD_HANDLE(cnn_free(-1));
  CHECK(check::sizes(next) == check::Sizes{2});
}
