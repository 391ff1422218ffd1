// What networks are made of, in its normal use.
#include <cmath>

#include "check.h"

using check::floats;
using check::Sizes;
using check::sizes;

TEST(layers_convolve) {
  auto image = floats({2, 4, 5, 5});
  auto bias = floats({6});
  auto plain = floats({6, 4, 3, 3}), grouped = floats({6, 2, 3, 3});
  CHECK(sizes(MADE(cnn_conv2d, image, plain, 0, 1, 1, 0, 0, 1, 1, 1)) == Sizes({2, 6, 3, 3}));
  CHECK(sizes(MADE(cnn_conv2d, image, grouped, bias, 2, 1, 1, 2, 1, 2, 2)) == Sizes({2, 6, 3, 5}));
  auto last = MADE(cnn_copy, image, CNN_CPU, 0, CNN_CHANNELS_LAST);
  CHECK(sizes(MADE(cnn_conv2d, last, plain, bias, 1, 1, 1, 1, 1, 1, 1)) == Sizes({2, 6, 5, 5}));
}

TEST(layers_pad) {
  auto image = floats({1, 2, 3, 4});
  for (int mode : {CNN_PAD_ZEROS, CNN_PAD_CONSTANT, CNN_PAD_REFLECT, CNN_PAD_REPLICATE, CNN_PAD_CIRCULAR}) {
    CHECK(sizes(MADE(cnn_pad2d, image, 1, 0, 2, 1, mode, 0.5f)) == Sizes({1, 2, 4, 7}));
  }
}

TEST(layers_pool) {
  auto image = floats({2, 3, 7, 7});
  CHECK(sizes(MADE(cnn_max_pool2d, image, 2, 2, 2, 2, 0, 0, 0)) == Sizes({2, 3, 3, 3}));
  CHECK(sizes(MADE(cnn_max_pool2d, image, 3, 2, 2, 2, 1, 1, 1)) == Sizes({2, 3, 4, 4}));
  CHECK(sizes(MADE(cnn_avg_pool2d, image, 2, 2, 2, 2, 0, 0, 1, 0)) == Sizes({2, 3, 4, 4}));
  CHECK(sizes(MADE(cnn_adaptive_avg_pool2d, image, 1, 1)) == Sizes({2, 3, 1, 1}));
  CHECK(sizes(MADE(cnn_adaptive_avg_pool2d, image, 9, 3)) == Sizes({2, 3, 9, 3}));
}

TEST(layers_normalise) {
  auto image = floats({2, 3, 4, 4});
  auto scale = floats({3}), shift = floats({3}), mean = floats({3}, {0, 0, 0}), variance = floats({3}, {1, 1, 1});
  auto out = MADE(cnn_batch_norm2d, image, scale, shift, mean, variance, 1, 0.1, 1e-5);
  CHECK(sizes(out) == sizes(image) && check::read(mean)[0] != 0);
  MADE(cnn_batch_norm2d, image, 0, 0, mean, variance, 0, 0.1, 1e-5);
}

TEST(layers_activate) {
  auto values = floats({3}, {-1, 0, 8});
  for (int kind = CNN_RELU; kind <= CNN_HARDSIGMOID; kind++) {
    auto out = check::read(MADE(cnn_activate, values, kind));
    CHECK(out[0] <= 0.5f && out[2] > 0.9f);
  }
}

TEST(layers_combine) {
  auto a = floats({2, 3}), b = floats({2, 3});
  auto weight = floats({5, 3}), bias = floats({5}), image = floats({2, 3, 2, 2});
  CHECK(sizes(MADE(cnn_linear, a, weight, bias)) == Sizes({2, 5}));
  CHECK(sizes(MADE(cnn_flatten, image)) == Sizes({2, 12}));
  const cnn_handle both[] = {a, b};
  CHECK(sizes(MADE(cnn_concat, both, 2, 1)) == Sizes({2, 6}));
  CHECK(check::read(MADE(cnn_add, a, b))[1] == 0.5f);
  CHECK(check::read(MADE(cnn_multiply, a, b))[2] == 0.25f);
  auto shares = check::read(MADE(cnn_softmax, a, 1));
  CHECK(std::abs(shares[0] + shares[1] + shares[2] - 1) < 1e-6f);
  auto random = check::generator(1);
  CHECK(sizes(MADE(cnn_dropout, a, 0.3, random)) == Sizes({2, 3}));
  CHECK(check::read(MADE(cnn_dropout, a, 0.0, random)) == check::read(a));
}

TEST(layers_gate_and_reshape) {
  auto image = floats({1, 2, 1, 2}, {1, 4, 3, 2});
  auto gate = floats({1, 2, 1, 1}, {2, 10});
  CHECK(check::read(MADE(cnn_multiply, image, gate)) == std::vector<float>({2, 8, 30, 20}));
  CHECK(check::read(MADE(cnn_affine, image, 0.5, 1.0)) == std::vector<float>({1.5, 3, 2.5, 2}));
  auto largest = MADE(cnn_max, image, 1), mean = MADE(cnn_mean, image, 1);
  CHECK(sizes(largest) == Sizes({1, 1, 1, 2}) && check::read(largest) == std::vector<float>({3, 4}));
  CHECK(sizes(mean) == Sizes({1, 1, 1, 2}) && check::read(mean) == std::vector<float>({2, 3}));
  const int64_t wanted[] = {1, 4, 1, 1};
  auto reshaped = MADE(cnn_reshape, image, wanted, 4);
  CHECK(sizes(reshaped) == Sizes({1, 4, 1, 1}) && check::read(reshaped) == check::read(image));
  auto padded = MADE(cnn_pad_channels, image, 1, 2);
  CHECK(sizes(padded) == Sizes({1, 5, 1, 2}));
  CHECK(check::read(padded) == std::vector<float>({0, 0, 1, 4, 3, 2, 0, 0, 0, 0}));
  CHECK(sizes(MADE(cnn_adaptive_max_pool2d, image, 1, 1)) == Sizes({1, 2, 1, 1}));
  auto normed = check::read(MADE(cnn_local_response_norm, image, 2, 2.0, 1.0, 1.0));
  CHECK(normed[0] == 1.0f / 2 && normed[2] == 3.0f / 11);
}

TEST(layers_compare_with_labels) {
  auto logits = floats({2, 3}, {0, 0, 0, 0, 9, 0});
  auto labels = check::indices({1, 1});
  CHECK(check::scalar(MADE(cnn_cross_entropy, logits, labels, 0.0, 0)) > 0);
  MADE(cnn_cross_entropy, logits, labels, 0.1, 0);
  int correct = -1;
  OK(cnn_count_correct(logits, labels, &correct));
  CHECK(correct == 1);
}

TEST(layers_of_no_images) {
  auto image = floats({0, 3, 4, 4}), mean = floats({3}), weight = floats({2, 3, 3, 3}), matrix = floats({5, 48});
  CHECK(sizes(MADE(cnn_conv2d, image, weight, 0, 1, 1, 0, 0, 1, 1, 1)) == Sizes({0, 2, 2, 2}));
  CHECK(sizes(MADE(cnn_max_pool2d, image, 2, 2, 2, 2, 0, 0, 0))[0] == 0);
  CHECK(sizes(MADE(cnn_avg_pool2d, image, 2, 2, 2, 2, 0, 0, 0, 1))[0] == 0);
  CHECK(sizes(MADE(cnn_adaptive_avg_pool2d, image, 1, 1))[0] == 0);
  CHECK(sizes(MADE(cnn_adaptive_avg_pool2d, image, 2, 2))[0] == 0);
  CHECK(sizes(MADE(cnn_adaptive_max_pool2d, image, 2, 2))[0] == 0);
  CHECK(sizes(MADE(cnn_affine, image, 2.0, 1.0))[0] == 0);
  CHECK(sizes(MADE(cnn_max, image, 1)) == Sizes({0, 1, 4, 4}));
  CHECK(sizes(MADE(cnn_mean, image, 1)) == Sizes({0, 1, 4, 4}));
  CHECK(sizes(MADE(cnn_pad_channels, image, 1, 1)) == Sizes({0, 5, 4, 4}));
  CHECK(sizes(MADE(cnn_batch_norm2d, image, 0, 0, mean, mean, 0, 0.1, 1e-5))[0] == 0);
  for (int mode = CNN_PAD_ZEROS; mode <= CNN_PAD_CIRCULAR; mode++) {
    CHECK(sizes(MADE(cnn_pad2d, image, 1, 1, 1, 1, mode, 0))[0] == 0);
  }
  auto flat = MADE(cnn_flatten, image);
  auto logits = MADE(cnn_linear, flat, matrix, 0);
  auto labels = check::indices({});
  CHECK(std::isnan(check::scalar(MADE(cnn_cross_entropy, logits, labels, 0.0, 0))));
  int correct = -1;
  OK(cnn_count_correct(logits, labels, &correct));
  CHECK(correct == 0);
}
