// Many threads at once: the managed side's finalizers free from a thread of their own, and trainings run side by side.
#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include "check.h"

namespace {

constexpr int workers = 8;

/// Runs body(worker) on as many threads, which begin together.
void together(const std::function<void(int)>& body) {
  std::atomic<int> waiting{workers};
  std::vector<std::thread> threads;
  for (int i = 0; i < workers; i++) {
    threads.emplace_back([&, i] {
      waiting--;
      while (waiting > 0) {
        std::this_thread::yield();
      }
      body(i);
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

/// A few steps of a network with dropout; the losses.
std::vector<float> train() {
  auto random = check::generator(3);
  auto images = check::floats({4, 1, 6, 6});
  auto labels = check::indices({0, 1, 2, 1});
  auto kernel = check::floats({2, 1, 3, 3});
  auto weight = check::floats({3, 8});
  const cnn_handle parameters[] = {kernel, weight};
  auto kernel_momentum = check::floats({2, 1, 3, 3}, std::vector<float>(18));
  auto weight_momentum = check::floats({3, 8}, std::vector<float>(24));
  const cnn_handle momentum[] = {kernel_momentum, weight_momentum};
  for (cnn_handle parameter : parameters) {
    OK(cnn_require_gradient(parameter, 1));
  }
  std::vector<float> losses;
  for (int step = 0; step < 5; step++) {
    auto features = MADE(cnn_conv2d, images, kernel, 0, 1, 1, 0, 0, 1, 1, 1);
    auto pooled = MADE(cnn_max_pool2d, features, 2, 2, 2, 2, 0, 0, 0);
    auto dropped = MADE(cnn_dropout, pooled, 0.5, random);
    auto flat = MADE(cnn_flatten, dropped);
    auto logits = MADE(cnn_linear, flat, weight, 0);
    auto loss = MADE(cnn_cross_entropy, logits, labels, 0.1, 0);
    OK(cnn_backward(loss));
    OK(cnn_sgd_step(parameters, momentum, 2, 0.01, 0.9, 0, 0));
    OK(cnn_clear_gradients(parameters, 2));
    losses.push_back(check::scalar(loss));
  }
  return losses;
}

}  // namespace

TEST(threads_make_and_free) {
  together([](int) {
    for (int i = 0; i < 300; i++) {
      auto a = check::floats({2});
      auto b = MADE(cnn_add, a, a);
      auto c = check::generator(1);
      CHECK(check::sizes(b)[0] == 2);
    }
  });
}

TEST(threads_train_alike) {
  std::vector<float> expected = train();
  CHECK(expected.front() != expected.back());
  together([&](int) { CHECK(train() == expected); });
}

TEST(threads_free_the_same_handle) {
  for (int round = 0; round < 100; round++) {
    cnn_handle id = 0;
    const int64_t size = 4;
    OK(cnn_zeros(&size, 1, CNN_CPU, 0, &id));
    std::atomic<int> freed{0}, refused{0};
    together([&](int worker) {
      cnn_handle sum = 0;
      if (worker % 2 == 0 && cnn_add(id, id, &sum) == CNN_OK) {  // who came in time keeps the tensor alive
        OK(cnn_free(sum));
      }
      int status = cnn_free(id);
      (status == CNN_OK ? freed : refused)++;
      CHECK(status == CNN_OK || status == CNN_INVALID_HANDLE);
    });
    CHECK(freed == 1 && refused == workers - 1);
  }
}

TEST(threads_have_errors_of_their_own) {
  std::atomic<int> failed{0};
  together([&](int worker) {
    cnn_handle invented = (cnn_handle{0x70000000} << 32) + worker;
    BAD_HANDLE(cnn_free(invented));
    failed++;
    while (failed < workers) {
      std::this_thread::yield();
    }
    CHECK(std::string(cnn_last_error()).find(std::to_string(invented)) != std::string::npos);
  });
}

TEST(threads_change_the_thread_count) {
  together([](int worker) {
    OK(cnn_set_threads(1 + worker % 2));
    auto a = check::floats({64, 64});
    CHECK(check::sizes(MADE(cnn_linear, a, a, 0))[0] == 64);
  });
  OK(cnn_set_threads(1));
}
