// Layers called with what cannot work.
#include <limits>

#include "check.h"

using check::floats;

namespace {

constexpr int most = std::numeric_limits<int>::max();
constexpr int least = std::numeric_limits<int>::min();
cnn_handle out = 0;  // nothing here may set it

}  // namespace

TEST(misuse_convolution) {
  auto image = floats({1, 4, 5, 5}), weight = floats({4, 4, 3, 3}), grouped = floats({4, 2, 3, 3});
  auto with = [&](cnn_handle w, cnn_handle bias, int stride, int padding, int dilation, int groups) {
    return cnn_conv2d(image, w, bias, stride, stride, padding, padding, dilation, dilation, groups, &out);
  };
  for (int bad : {0, -1, least}) {
    FAILS(with(weight, 0, bad, 0, 1, 1));
    FAILS(with(weight, 0, 1, 0, bad, 1));
    FAILS(with(weight, 0, 1, 0, 1, bad));
  }
  FAILS(with(weight, 0, 1, -1, 1, 1));
  FAILS(with(weight, 0, 1, least, 1, 1));
  FAILS(with(weight, 0, 1, 0, 2, 2));
  FAILS(with(grouped, 0, 1, 0, 1, 3));
  FAILS(with(grouped, 0, 1, 0, 1, most));
  FAILS(with(weight, 0, 1, 0, 3, 1));     // kernel larger than input
  FAILS(with(weight, 0, 1, 0, most, 1));
  NO_MEMORY(with(weight, 0, 1, most, 1, 1));
  FAILS(with(weight, floats({3}), 1, 0, 1, 1));
  FAILS(with(weight, floats({4, 4}), 1, 0, 1, 1));
  FAILS(with(floats({4, 3, 3, 3}), 0, 1, 0, 1, 1));
  FAILS(with(floats({4, 4, 9, 9}), 0, 1, 0, 1, 1));
  FAILS(with(floats({4, 4}), 0, 1, 0, 1, 1));
  FAILS(with(floats({}), 0, 1, 0, 1, 1));
  FAILS(with(check::bytes({4, 4, 3, 3}), 0, 1, 0, 1, 1));
  FAILS(with(floats({4, 4, 0, 0}), 0, 1, 0, 1, 1));
  FAILS(with(floats({0, 4, 3, 3}), 0, 1, 0, 1, 1));
  FAILS(cnn_conv2d(floats({4}), weight, 0, 1, 1, 0, 0, 1, 1, 1, &out));
  FAILS(cnn_conv2d(floats({1, 4, 0, 5}), weight, 0, 1, 1, 0, 0, 1, 1, 1, &out));
  FAILS(cnn_conv2d(image, weight, 0, 1, 1, 0, 0, 1, 1, 1, nullptr));
  CHECK(out == 0);
}

TEST(misuse_padding) {
  auto image = floats({1, 2, 3, 3});
  for (int mode = CNN_PAD_ZEROS; mode <= CNN_PAD_CIRCULAR; mode++) {
    FAILS(cnn_pad2d(image, -1, 0, 0, 0, mode, 0, &out));
    FAILS(cnn_pad2d(image, 0, -4, 0, 0, mode, 0, &out));
    FAILS(cnn_pad2d(image, 0, 0, least, least, mode, 0, &out));
    FAILS(cnn_pad2d(floats({3}), 1, 1, 1, 1, mode, 0, &out));
    FAILS(cnn_pad2d(floats({}), 1, 1, 1, 1, mode, 0, &out));
    FAILS(cnn_pad2d(image, 1, 1, 1, 1, mode, 0, nullptr));
  }
  for (int mode : {CNN_PAD_REFLECT, CNN_PAD_REPLICATE, CNN_PAD_CIRCULAR}) {
    FAILS(cnn_pad2d(floats({1, 2, 0, 3}), 1, 1, 1, 1, mode, 0, &out));
  }
  FAILS(cnn_pad2d(image, 3, 0, 0, 0, CNN_PAD_REFLECT, 0, &out));
  FAILS(cnn_pad2d(image, 4, 0, 0, 0, CNN_PAD_CIRCULAR, 0, &out));
  for (int mode : {CNN_PAD_ZEROS, CNN_PAD_CONSTANT, CNN_PAD_REPLICATE}) {
    NO_MEMORY(cnn_pad2d(image, most, most, most, most, mode, 0, &out));
  }
  FAILS(cnn_pad2d(image, 1, 1, 1, 1, 5, 0, &out));
  FAILS(cnn_pad2d(image, 1, 1, 1, 1, -1, 0, &out));
  CHECK(out == 0);
}

TEST(misuse_pooling) {
  auto image = floats({1, 2, 4, 4});
  auto max = [&](int kernel, int stride, int padding) {
    return cnn_max_pool2d(image, kernel, kernel, stride, stride, padding, padding, 0, &out);
  };
  auto average = [&](int kernel, int stride, int padding) {
    return cnn_avg_pool2d(image, kernel, kernel, stride, stride, padding, padding, 0, 1, &out);
  };
  for (int bad : {0, -1, least}) {
    FAILS(max(bad, 1, 0));
    FAILS(max(2, bad, 0));
    FAILS(average(bad, 1, 0));
    FAILS(average(2, bad, 0));
  }
  for (int kernel : {5, most}) {  // larger than the input
    FAILS(max(kernel, 1, 0));
    FAILS(average(kernel, 1, 0));
  }
  for (int padding : {2, -1, least, most}) {  // at most half the kernel
    FAILS(max(2, 1, padding));
    FAILS(average(2, 1, padding));
  }
  for (auto& wrong : {check::Sizes{4}, check::Sizes{1, 2, 0, 4}}) {
    FAILS(cnn_max_pool2d(floats(wrong), 2, 2, 2, 2, 0, 0, 0, &out));
    FAILS(cnn_avg_pool2d(floats(wrong), 2, 2, 2, 2, 0, 0, 0, 1, &out));
    FAILS(cnn_adaptive_avg_pool2d(floats(wrong), 2, 2, &out));
  }
  FAILS(cnn_adaptive_avg_pool2d(image, -1, 1, &out));
  FAILS(cnn_adaptive_avg_pool2d(image, least, least, &out));
  NO_MEMORY(cnn_adaptive_avg_pool2d(image, most, most, &out));
  FAILS(cnn_adaptive_avg_pool2d(check::indices({1}), 2, 2, &out));
  FAILS(cnn_max_pool2d(image, 2, 2, 2, 2, 0, 0, 0, nullptr));
  FAILS(cnn_avg_pool2d(image, 2, 2, 2, 2, 0, 0, 0, 1, nullptr));
  FAILS(cnn_adaptive_avg_pool2d(image, 2, 2, nullptr));

  FAILS(cnn_adaptive_max_pool2d(image, -1, 1, &out));
  FAILS(cnn_adaptive_max_pool2d(floats({3}), 2, 2, &out));
  FAILS(cnn_adaptive_max_pool2d(check::indices({1}), 2, 2, &out));
  FAILS(cnn_adaptive_max_pool2d(image, 2, 2, nullptr));
  FAILS(cnn_local_response_norm(image, 0, 1, 1, 1, &out));
  FAILS(cnn_local_response_norm(floats({3}), 2, 1, 1, 1, &out));
  FAILS(cnn_local_response_norm(image, 2, 1, 1, 1, nullptr));
  FAILS(cnn_pad_channels(image, -1, 0, &out));
  FAILS(cnn_pad_channels(image, 0, least, &out));
  FAILS(cnn_pad_channels(floats({3}), 1, 1, &out));
  NO_MEMORY(cnn_pad_channels(image, most, most, &out));
  FAILS(cnn_pad_channels(image, 1, 1, nullptr));
  CHECK(out == 0);
}

TEST(misuse_normalisation) {
  auto image = floats({2, 3, 4, 4}), fits = floats({3}), other = floats({2});
  auto with = [&](cnn_handle input, cnn_handle weight, cnn_handle bias, cnn_handle mean, cnn_handle variance) {
    int evaluating = cnn_batch_norm2d(input, weight, bias, mean, variance, 0, 0.1, 1e-5, &out);
    int training = cnn_batch_norm2d(input, weight, bias, mean, variance, 1, 0.1, 1e-5, &out);
    return training == CNN_OK ? CNN_OK : evaluating;
  };
  FAILS(with(image, other, 0, fits, fits));
  FAILS(with(image, 0, other, fits, fits));
  FAILS(with(image, 0, 0, other, fits));
  FAILS(with(image, 0, 0, fits, other));
  FAILS(with(image, 0, 0, check::bytes({3}), check::bytes({3})));
  FAILS(with(image, check::indices({1, 1, 1}), 0, fits, fits));
  FAILS(with(floats({3}), 0, 0, fits, fits));
  FAILS(with(floats({}), 0, 0, fits, fits));
  FAILS(with(check::bytes({2, 3, 4, 4}), 0, 0, fits, fits));
  FAILS(cnn_batch_norm2d(image, 0, 0, fits, fits, 1, 0.1, 1e-5, nullptr));
  CHECK(check::read(fits)[0] == 0);  // not moved by a call that failed
  CHECK(out == 0);
}

TEST(misuse_combining) {
  auto a = floats({2, 3}), b = floats({2, 4}), integers = check::indices({1, 2});
  FAILS(cnn_linear(a, b, 0, &out));
  FAILS(cnn_linear(a, a, floats({5}), &out));
  FAILS(cnn_linear(a, check::bytes({2, 3}), 0, &out));
  FAILS(cnn_linear(a, floats({}), 0, &out));
  FAILS(cnn_linear(a, a, 0, nullptr));
  FAILS(cnn_activate(a, -1, &out));
  FAILS(cnn_activate(a, 7, &out));
  FAILS(cnn_activate(integers, CNN_HARDSWISH, &out));
  FAILS(cnn_activate(a, CNN_RELU, nullptr));
  FAILS(cnn_flatten(floats({}), &out));
  FAILS(cnn_flatten(floats({3}), &out));
  FAILS(cnn_flatten(a, nullptr));
  FAILS(cnn_add(a, b, &out));
  FAILS(cnn_add(a, a, nullptr));
  FAILS(cnn_multiply(a, b, &out));
  FAILS(cnn_multiply(a, a, nullptr));
  FAILS(cnn_affine(integers, 0.5, 0, nullptr));
  FAILS(cnn_max(a, 2, &out));
  FAILS(cnn_max(a, least, &out));
  FAILS(cnn_max(a, 1, nullptr));
  FAILS(cnn_mean(a, -3, &out));
  FAILS(cnn_mean(integers, 0, &out));
  FAILS(cnn_mean(a, 1, nullptr));
  FAILS(cnn_reshape(a, nullptr, 2, &out));
  const int64_t other[] = {4, 4}, negative[] = {-1, 6};
  FAILS(cnn_reshape(a, other, 2, &out));
  FAILS(cnn_reshape(a, negative, 2, &out));
  FAILS(cnn_reshape(a, negative, -1, &out));
  FAILS(cnn_reshape(a, other, 2, nullptr));
  FAILS(cnn_softmax(a, 2, &out));
  FAILS(cnn_softmax(a, least, &out));
  FAILS(cnn_softmax(integers, 0, &out));
  FAILS(cnn_softmax(a, 1, nullptr));

  const cnn_handle both[] = {a, b};
  FAILS(cnn_concat(both, 2, 0, &out));
  FAILS(cnn_concat(both, 2, 2, &out));
  FAILS(cnn_concat(both, 0, 0, &out));
  FAILS(cnn_concat(both, -1, 0, &out));
  FAILS(cnn_concat(nullptr, 2, 0, &out));
  FAILS(cnn_concat(nullptr, 0, 0, &out));
  FAILS(cnn_concat(both, 2, 1, nullptr));
  CHECK(out == 0);
}

TEST(misuse_dropout) {
  auto a = floats({8});
  auto random = check::generator(1);
  const double not_a_number = std::numeric_limits<double>::quiet_NaN();
  for (double bad : {-0.1, 1.0, 1.5, not_a_number, std::numeric_limits<double>::infinity()}) {
    FAILS(cnn_dropout(a, bad, random, &out));
  }
  FAILS(cnn_dropout(check::indices({1, 2}), 0.5, random, &out));
  FAILS(cnn_dropout(a, 0.5, random, nullptr));
  CHECK(out == 0);
}

TEST(misuse_labels) {
  auto logits = floats({2, 3});
  auto labels = check::indices({0, 2});
  int count = -1;
  // -100 is the label that PyTorch passes over in silence.
  for (int64_t bad : {int64_t{3}, int64_t{-1}, int64_t{-100}, std::numeric_limits<int64_t>::max()}) {
    for (double smoothing : {0.0, 0.1}) {
      FAILS(cnn_cross_entropy(logits, check::indices({0, bad}), smoothing, 0, &out));
    }
  }
  auto wrong_count = check::indices({0, 1, 2});
  auto as_bytes = check::bytes({2}), too_many = check::bytes({2, 3});
  auto shares = floats({2, 3}), flat = floats({2}), empty = floats({2, 0});
  for (cnn_handle wrong : {cnn_handle{wrong_count}, cnn_handle{as_bytes}, cnn_handle{too_many}, cnn_handle{shares}}) {
    FAILS(cnn_cross_entropy(logits, wrong, 0, 0, &out));
    FAILS(cnn_count_correct(logits, wrong, &count));
  }
  for (cnn_handle wrong : {cnn_handle{flat}, cnn_handle{empty}, cnn_handle{too_many}}) {
    FAILS(cnn_cross_entropy(wrong, labels, 0, 0, &out));
  }
  FAILS(cnn_count_correct(flat, labels, &count));
  FAILS(cnn_count_correct(empty, labels, &count));
  for (double smoothing : {-0.1, 1.1}) {
    FAILS(cnn_cross_entropy(logits, labels, smoothing, 0, &out));
  }
  FAILS(cnn_cross_entropy(logits, labels, 0, 0, nullptr));
  FAILS(cnn_count_correct(logits, labels, nullptr));
  CHECK(out == 0 && count == -1);
}
