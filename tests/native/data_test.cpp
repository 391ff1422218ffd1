// Batches by index, and random generators.
#include <limits>

#include "check.h"

TEST(data_is_gathered) {
  auto images = check::bytes({3, 2, 2, 2});
  auto lookup = check::floats({2, 256});
  const int64_t chosen[] = {2, 0, 2};
  for (int layout : {CNN_CONTIGUOUS, CNN_CHANNELS_LAST}) {
    auto batch = MADE(cnn_gather_images, images, chosen, 3, lookup, layout);
    CHECK(check::sizes(batch) == check::Sizes({3, 2, 2, 2}));
    CHECK(check::read(batch)[1] == 0.25f);  // byte 17 of the lookup, which repeats after 16
  }
  auto labels = check::indices({7, 8, 9});
  auto some = MADE(cnn_gather_labels, labels, chosen, 3);
  CHECK(check::sizes(some) == check::Sizes{3});
  auto none = MADE(cnn_gather_images, images, nullptr, 0, lookup, 0);
  CHECK(check::sizes(none) == check::Sizes({0, 2, 2, 2}));
  CHECK(check::sizes(MADE(cnn_gather_labels, labels, nullptr, 0)) == check::Sizes{0});
}

TEST(data_rows_are_selected) {
  auto matrix = check::floats({3, 2});
  const int64_t chosen[] = {2, 0, 2}, outside[] = {3};
  CHECK(check::read(MADE(cnn_select_rows, matrix, chosen, 3)) == std::vector<float>({1, 1.25, 0, 0.25, 1, 1.25}));
  CHECK(check::sizes(MADE(cnn_select_rows, matrix, nullptr, 0)) == check::Sizes({0, 2}));
  CHECK(check::sizes(MADE(cnn_select_rows, check::indices({7, 8, 9}), chosen, 2)) == check::Sizes({2}));
  cnn_handle out = 0;
  FAILS(cnn_select_rows(matrix, outside, 1, &out));
  FAILS(cnn_select_rows(matrix, nullptr, 1, &out));
  FAILS(cnn_select_rows(matrix, chosen, -1, &out));
  FAILS(cnn_select_rows(check::floats({}), chosen, 1, &out));
  FAILS(cnn_select_rows(matrix, chosen, 3, nullptr));
  BAD_HANDLE(cnn_select_rows(0, chosen, 3, &out));
  CHECK(out == 0);
}

TEST(data_is_gathered_by_several_threads) {
  OK(cnn_set_threads(2));
  auto images = check::bytes({4, 3, 64, 64});
  auto lookup = check::floats({3, 256});
  std::vector<int64_t> chosen(32, 3);
  auto batch = MADE(cnn_gather_images, images, chosen.data(), 32, lookup, CNN_CHANNELS_LAST);
  CHECK(check::sizes(batch)[0] == 32);
  OK(cnn_set_threads(1));
}

TEST(data_indices_out_of_range) {
  auto images = check::bytes({3, 1, 2, 2});
  auto lookup = check::floats({1, 256});
  auto labels = check::indices({7, 8, 9});
  cnn_handle out = 0;
  using limits = std::numeric_limits<int64_t>;
  for (int64_t bad : {int64_t{-1}, int64_t{3}, limits::max(), limits::min()}) {
    const int64_t chosen[] = {0, bad};
    FAILS(cnn_gather_images(images, chosen, 2, lookup, 0, &out));
    FAILS(cnn_gather_labels(labels, chosen, 2, &out));
  }
  const int64_t first = 0;
  FAILS(cnn_gather_images(images, &first, -1, lookup, 0, &out));
  FAILS(cnn_gather_labels(labels, &first, -1, &out));
  FAILS(cnn_gather_images(images, nullptr, 1, lookup, 0, &out));
  FAILS(cnn_gather_labels(labels, nullptr, 1, &out));
  FAILS(cnn_gather_images(images, &first, 1, lookup, 0, nullptr));
  FAILS(cnn_gather_labels(labels, &first, 1, nullptr));
  FAILS(cnn_gather_images(check::bytes({0, 1, 2, 2}), &first, 1, lookup, 0, &out));
  CHECK(out == 0);
}

TEST(data_of_wrong_kinds) {
  auto images = check::bytes({3, 2, 2, 2});
  auto lookup = check::floats({2, 256});
  const int64_t first = 0;
  cnn_handle out = 0;
  FAILS(cnn_gather_images(check::floats({3, 2, 2, 2}), &first, 1, lookup, 0, &out));
  FAILS(cnn_gather_images(check::bytes({3, 2, 2}), &first, 1, lookup, 0, &out));
  FAILS(cnn_gather_images(MADE(cnn_copy, images, CNN_CPU, 0, CNN_CHANNELS_LAST), &first, 1, lookup, 0, &out));
  FAILS(cnn_gather_images(images, &first, 1, check::bytes({2, 256}), 0, &out));
  FAILS(cnn_gather_images(images, &first, 1, check::floats({2, 255}), 0, &out));
  FAILS(cnn_gather_images(images, &first, 1, check::floats({1, 256}), 0, &out));
  FAILS(cnn_gather_images(images, &first, 1, check::floats({512}), 0, &out));
  FAILS(cnn_gather_images(images, &first, 1, lookup, 5, &out));
  FAILS(cnn_gather_labels(check::floats({3}), &first, 1, &out));
  FAILS(cnn_gather_labels(check::bytes({3}), &first, 1, &out));
  CHECK(out == 0);
}

TEST(random_state_is_kept_and_restored) {
  auto ones = check::floats({64}, std::vector<float>(64, 1));
  auto random = check::generator(5);
  int64_t length = 0;
  OK(cnn_get_generator_state(random, nullptr, 0, &length));
  std::vector<uint8_t> state(static_cast<size_t>(length));
  OK(cnn_get_generator_state(random, state.data(), length, &length));
  auto first = check::read(MADE(cnn_dropout, ones, 0.5, random));
  CHECK(first != check::read(MADE(cnn_dropout, ones, 0.5, random)));
  OK(cnn_set_generator_state(random, state.data(), length));
  CHECK(first == check::read(MADE(cnn_dropout, ones, 0.5, random)));
}

TEST(random_state_misused) {
  auto random = check::generator(5);
  int64_t length = 0;
  OK(cnn_get_generator_state(random, nullptr, 0, &length));
  std::vector<uint8_t> state(static_cast<size_t>(length) + 1, 0xff);
  FAILS(cnn_get_generator_state(random, state.data(), length - 1, &length));
  FAILS(cnn_get_generator_state(random, state.data(), -1, &length));
  FAILS(cnn_get_generator_state(random, nullptr, length, &length));
  FAILS(cnn_get_generator_state(random, state.data(), length, nullptr));
  FAILS(cnn_set_generator_state(random, nullptr, length));
  FAILS(cnn_set_generator_state(random, state.data(), 0));
  FAILS(cnn_set_generator_state(random, state.data(), -1));
  FAILS(cnn_set_generator_state(random, state.data(), length - 1));
  FAILS(cnn_set_generator_state(random, state.data(), length + 1));
  FAILS(cnn_set_generator_state(random, state.data(), length));  // right in length, nonsense inside
  FAILS(cnn_create_generator(CNN_CPU, 0, 1, nullptr));
  CHECK(check::read(MADE(cnn_dropout, check::floats({4}), 0.5, random)).size() == 4);
}
