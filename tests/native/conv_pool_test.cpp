// The fused kernels of every instruction set against the three operations that they replace.
#include <cmath>
#include <cstdlib>
#include <limits>

#include "check.h"

using check::floats;
using check::Handle;
using check::Sizes;
using check::sizes;

namespace {

struct Case {
  int images, channels, height, width, filters, kernel_v, kernel_h, padding_v, padding_h;
};

// Vectors full and not, patches of one vector and of many, odd outputs, kernels as large as the image.
constexpr Case cases[] = {
    {2, 1, 6, 6, 3, 3, 3, 1, 1},   {3, 1, 9, 7, 20, 3, 3, 0, 0}, {1, 3, 8, 11, 6, 3, 3, 0, 1}, {2, 6, 7, 6, 17, 3, 2, 0, 0},
    {1, 32, 6, 6, 33, 3, 3, 1, 1}, {1, 10, 8, 8, 9, 5, 5, 2, 2}, {2, 4, 5, 4, 8, 1, 1, 0, 0},  {1, 2, 3, 3, 40, 2, 2, 0, 0},
    {1, 70, 5, 5, 2, 4, 4, 1, 1},  {2, 1, 4, 5, 1, 1, 3, 0, 1},
};

struct Values {
  std::vector<float> out, of_input, of_weight, of_bias;
};

/// Values that look random, with equal ones among them.
std::vector<float> values(int64_t count, int shift) {
  std::vector<float> result(static_cast<size_t>(count));
  for (size_t i = 0; i < result.size(); i++) {
    result[i] = static_cast<float>((i * 37 + static_cast<size_t>(shift)) % 23) / 8 - 1.25f;
  }
  return result;
}

Handle make(const Sizes& sizes, int shift) {
  int64_t count = 1;
  for (int64_t size : sizes) {
    count *= size;
  }
  return floats(sizes, values(count, shift));
}

std::vector<float> gradient(cnn_handle tensor) { return check::read(MADE(cnn_get_gradient, tensor)); }

Values run(const Case& c, bool fused, bool with_bias) {
  Handle image = make({c.images, c.channels, c.height, c.width}, 0);
  Handle input = MADE(cnn_copy, image, CNN_CPU, 0, CNN_CHANNELS_LAST);
  Handle weight = make({c.filters, c.channels, c.kernel_v, c.kernel_h}, 5), bias = make({c.filters}, 11);
  for (cnn_handle tensor : {cnn_handle(input), cnn_handle(weight), cnn_handle(bias)}) {
    OK(cnn_require_gradient(tensor, 1));
  }
  cnn_handle shift = with_bias ? cnn_handle(bias) : 0;
  Handle result = fused ? MADE(cnn_conv2d_max_pool_relu, input, weight, shift, c.padding_v, c.padding_h) : [&] {
    Handle maps = MADE(cnn_conv2d, input, weight, shift, 1, 1, c.padding_v, c.padding_h, 1, 1, 1);
    Handle pooled = MADE(cnn_max_pool2d, maps, 2, 2, 2, 2, 0, 0, 0);
    return MADE(cnn_activate, pooled, CNN_RELU);
  }();
  Handle features = MADE(cnn_flatten, result);
  Handle logits = MADE(cnn_linear, features, make({3, sizes(features)[1]}, 3), 0);
  std::vector<int64_t> labels(static_cast<size_t>(c.images), 1);
  OK(cnn_backward(MADE(cnn_cross_entropy, logits, check::indices(labels), 0, 0)));
  return {check::read(result), gradient(input), gradient(weight), with_bias ? gradient(bias) : std::vector<float>()};
}

bool alike(const std::vector<float>& a, const std::vector<float>& b) {
  float largest = 0, difference = 0;
  for (size_t i = 0; i < a.size() && a.size() == b.size(); i++) {
    largest = std::max(largest, std::fabs(a[i]));
    difference = std::max(difference, std::fabs(a[i] - b[i]));
  }
  return a.size() == b.size() && difference <= 1e-5f * std::max(largest, 1e-3f);
}

/// Runs a check with the kernels of each instruction set that this processor has.
template <class Body>
void for_each_capability(Body&& body) {
  for (const char* capability : {"default", "avx2", "avx512"}) {
    setenv("ATEN_CPU_CAPABILITY", capability, 1);
    body();
  }
  unsetenv("ATEN_CPU_CAPABILITY");
}

}  // namespace

TEST(conv_pool_equals_its_parts) {
  for_each_capability([] {
    for (const Case& c : cases) {
      for (bool with_bias : {true, false}) {
        Values plain = run(c, false, with_bias), fused = run(c, true, with_bias);
        CHECK(alike(plain.out, fused.out));
        CHECK(alike(plain.of_input, fused.of_input));
        CHECK(alike(plain.of_weight, fused.of_weight));
        CHECK(alike(plain.of_bias, fused.of_bias));
      }
    }
  });
}

TEST(conv_pool_has_the_same_bits_each_time) {
  for (int threads : {1, 3}) {
    OK(cnn_set_threads(threads));
    for (const Case& c : cases) {
      Values once = run(c, true, true), again = run(c, true, true);
      CHECK(once.out == again.out && once.of_weight == again.of_weight && once.of_input == again.of_input);
    }
  }
  OK(cnn_set_threads(1));
}

TEST(conv_pool_gives_gradients_that_are_asked_for) {
  auto image = make({1, 2, 6, 6}, 0), weight = make({4, 2, 3, 3}, 5);
  OK(cnn_require_gradient(weight, 1));
  auto result = MADE(cnn_conv2d_max_pool_relu, image, weight, 0, 0, 0);
  auto logits = MADE(cnn_linear, MADE(cnn_flatten, result), make({3, 16}, 3), 0);
  OK(cnn_backward(MADE(cnn_cross_entropy, logits, check::indices({1}), 0, 0)));
  cnn_handle none = 7;
  OK(cnn_get_gradient(image, &none));
  CHECK(none == 0 && gradient(weight).size() == 72);
}

TEST(conv_pool_passes_on_what_is_no_number) {
  for_each_capability([] {
    for (int place = 0; place < 4; place++) {
      std::vector<float> pixels(16, 1);
      pixels[static_cast<size_t>(place / 2 * 4 + place % 2)] = std::numeric_limits<float>::quiet_NaN();
      auto out = check::read(MADE(
          cnn_conv2d_max_pool_relu, floats({1, 1, 4, 4}, pixels), floats({1, 1, 1, 1}, {2}), 0, 0, 0));
      CHECK(std::isnan(out[0]) && out[1] == 2 && out[3] == 2);
    }
  });
}

TEST(conv_pool_without_images) {
  CHECK(sizes(MADE(cnn_conv2d_max_pool_relu, floats({0, 1, 4, 4}), floats({3, 1, 3, 3}), 0, 0, 0)) == Sizes({0, 3, 1, 1}));
}

TEST(misuse_conv_pool) {
  constexpr int most = std::numeric_limits<int>::max(), least = std::numeric_limits<int>::min();
  cnn_handle out = 0;  // nothing here may set it
  auto image = floats({1, 4, 5, 5}), weight = floats({4, 4, 3, 3});
  auto with = [&](cnn_handle input, cnn_handle w, cnn_handle bias, int padding) {
    return cnn_conv2d_max_pool_relu(input, w, bias, padding, padding, &out);
  };
  for (int bad : {-1, least, most, 1 << 20}) {
    FAILS(with(image, weight, 0, bad));
  }
  FAILS(with(image, floats({4, 3, 3, 3}), 0, 0));
  FAILS(with(image, floats({4, 4, 5, 5}), 0, 0));  // an output of 1x1 holds no window
  FAILS(with(image, floats({4, 4, 9, 9}), 0, 0));
  FAILS(with(image, floats({0, 4, 3, 3}), 0, 0));
  FAILS(with(image, floats({4, 4, 0, 3}), 0, 0));
  FAILS(with(image, floats({4, 4}), 0, 0));
  FAILS(with(image, check::bytes({4, 4, 3, 3}), 0, 0));
  FAILS(with(check::bytes({1, 4, 5, 5}), weight, 0, 0));
  FAILS(with(floats({4, 5, 5}), weight, 0, 0));
  FAILS(with(floats({1, 4, 0, 5}), weight, 0, 0));
  FAILS(with(image, weight, floats({3}), 0));
  FAILS(with(image, weight, floats({4, 1}), 0));
  BAD_HANDLE(with(0, weight, 0, 0));
  BAD_HANDLE(with(image, 0, 0, 0));
  BAD_HANDLE(with(image, weight, 12345, 0));
  FAILS(cnn_conv2d_max_pool_relu(image, weight, 0, 0, 0, nullptr));
  CHECK(out == 0);
}
