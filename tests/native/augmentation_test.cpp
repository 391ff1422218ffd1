// Batches of bytes, changed image by image.
#include <limits>

#include "check.h"

namespace {

using Bytes = std::vector<uint8_t>;

check::Handle images(const check::Sizes& sizes, const Bytes& values) {
  return MADE(cnn_from_bytes, values.data(), sizes.data(), static_cast<int>(sizes.size()), CNN_CPU, 0);
}

/// The bytes of images, through the lookup that is the identity.
Bytes pixels(cnn_handle batch) {
  check::Sizes sizes = check::sizes(batch);
  std::vector<float> levels;
  for (int64_t c = 0; c < sizes[1]; c++) {
    for (int value = 0; value < 256; value++) {
      levels.push_back(static_cast<float>(value));
    }
  }
  auto lookup = check::floats({sizes[1], 256}, levels);
  std::vector<int64_t> all;
  for (int64_t i = 0; i < sizes[0]; i++) {
    all.push_back(i);
  }
  auto values = check::read(MADE(cnn_gather_images, batch, all.data(), sizes[0], lookup, CNN_CONTIGUOUS));
  return Bytes(values.begin(), values.end());
}

const float identity[] = {1, 0, 0, 0, 1, 0};
const int64_t whole[] = {0, 0, 2, 2};

}  // namespace

TEST(augmentation_selects_pixels) {
  auto two = images({2, 1, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  const int64_t chosen[] = {1, 0};
  const int32_t rows[] = {1, 0, -1, 0}, columns[] = {1, 0, 0, 1};
  auto moved = MADE(cnn_select_pixels, two, chosen, rows, columns, 2, 2, 2, 9);
  CHECK(pixels(moved) == Bytes({8, 7, 6, 5, 9, 9, 1, 2}));
  auto cut = MADE(cnn_select_pixels, two, chosen, rows, columns, 1, 1, 2, 9);
  CHECK(check::sizes(cut) == check::Sizes({1, 1, 1, 2}));
  CHECK(check::sizes(MADE(cnn_select_pixels, two, nullptr, nullptr, nullptr, 0, 2, 2, 0)) == check::Sizes({0, 1, 2, 2}));

  cnn_handle out = 0;
  using limits = std::numeric_limits<int32_t>;
  for (int32_t bad : {-2, 2, limits::max(), limits::min()}) {
    const int32_t wrong[] = {0, bad, 0, 0};
    FAILS(cnn_select_pixels(two, chosen, wrong, columns, 2, 2, 2, 0, &out));
    FAILS(cnn_select_pixels(two, chosen, rows, wrong, 2, 2, 2, 0, &out));
  }
  for (int64_t bad : {int64_t{-1}, int64_t{2}, std::numeric_limits<int64_t>::max()}) {
    const int64_t wrong[] = {0, bad};
    FAILS(cnn_select_pixels(two, wrong, rows, columns, 2, 2, 2, 0, &out));
  }
  FAILS(cnn_select_pixels(two, nullptr, rows, columns, 2, 2, 2, 0, &out));
  FAILS(cnn_select_pixels(two, chosen, nullptr, columns, 2, 2, 2, 0, &out));
  FAILS(cnn_select_pixels(two, chosen, rows, nullptr, 2, 2, 2, 0, &out));
  FAILS(cnn_select_pixels(two, chosen, rows, columns, -1, 2, 2, 0, &out));
  FAILS(cnn_select_pixels(two, chosen, rows, columns, 2, -1, 2, 0, &out));
  FAILS(cnn_select_pixels(two, chosen, rows, columns, 2, 2, -1, 0, &out));
  FAILS(cnn_select_pixels(two, chosen, rows, columns, 2, 2, 2, 256, &out));
  FAILS(cnn_select_pixels(two, chosen, rows, columns, 2, 2, 2, -1, &out));
  FAILS(cnn_select_pixels(two, chosen, rows, columns, 2, 2, 2, 0, nullptr));
  CHECK(out == 0);
}

TEST(augmentation_puts_images) {
  auto three = images({3, 1, 1, 2}, {1, 2, 3, 4, 5, 6});
  auto part = images({2, 1, 1, 2}, {7, 8, 9, 10});
  const int64_t places[] = {2, 0};
  OK(cnn_put_images(three, places, 2, part));
  CHECK(pixels(three) == Bytes({9, 10, 3, 4, 7, 8}));
  OK(cnn_put_images(three, nullptr, 0, images({0, 1, 1, 2}, {})));
  CHECK(pixels(three) == Bytes({9, 10, 3, 4, 7, 8}));

  const int64_t outside[] = {0, 3};
  FAILS(cnn_put_images(three, outside, 2, part));
  FAILS(cnn_put_images(three, nullptr, 2, part));
  FAILS(cnn_put_images(three, places, 1, part));
  FAILS(cnn_put_images(three, places, 2, check::bytes({2, 1, 2, 2})));
  FAILS(cnn_put_images(three, places, 2, check::floats({2, 1, 1, 2})));
  FAILS(cnn_put_images(check::bytes({3, 2}), places, 2, part));
  BAD_HANDLE(cnn_put_images(0, places, 2, part));
  BAD_HANDLE(cnn_put_images(three, places, 2, 0));
  CHECK(pixels(three) == Bytes({9, 10, 3, 4, 7, 8}));
}

TEST(augmentation_counts_and_maps) {
  auto one = images({1, 2, 1, 3}, {5, 5, 0, 255, 5, 1});
  std::vector<int64_t> counts(512, -1);
  OK(cnn_count_bytes(one, counts.data(), 512));
  CHECK(counts[5] == 2 && counts[0] == 1 && counts[255] == 0);
  CHECK(counts[256 + 255] == 1 && counts[256 + 5] == 1 && counts[256 + 1] == 1 && counts[256] == 0);
  OK(cnn_count_bytes(check::bytes({0, 2, 1, 3}), nullptr, 0));
  FAILS(cnn_count_bytes(one, counts.data(), 511));
  FAILS(cnn_count_bytes(one, nullptr, 512));

  Bytes tables(512);
  for (size_t i = 0; i < tables.size(); i++) {
    tables[i] = static_cast<uint8_t>(i < 256 ? 255 - i : i - 256);
  }
  CHECK(pixels(MADE(cnn_map_bytes, one, tables.data(), 1)) == Bytes({250, 250, 255, 255, 5, 1}));
  cnn_handle out = 0;
  FAILS(cnn_map_bytes(one, nullptr, 1, &out));
  FAILS(cnn_map_bytes(one, tables.data(), 2, &out));
  FAILS(cnn_map_bytes(one, tables.data(), -1, &out));
  FAILS(cnn_map_bytes(one, tables.data(), 1, nullptr));
  CHECK(out == 0);
}

TEST(augmentation_blends) {
  auto grey = images({2, 1, 1, 2}, {10, 20, 100, 200});
  const double ratios[] = {0.5, 2};
  CHECK(pixels(MADE(cnn_blend_images, grey, ratios, 2, CNN_BLEND_BLACK)) == Bytes({5, 10, 200, 255}));
  CHECK(pixels(MADE(cnn_blend_images, grey, ratios, 2, CNN_BLEND_MEAN)) == Bytes({12, 17, 50, 250}));
  CHECK(pixels(MADE(cnn_blend_images, grey, ratios, 2, CNN_BLEND_GREY)) == Bytes({10, 20, 100, 200}));
  CHECK(pixels(MADE(cnn_blend_images, grey, ratios, 2, CNN_BLEND_BLURRED)) == Bytes({10, 20, 100, 200}));
  const double none = 0;
  auto coloured = images({1, 3, 1, 1}, {100, 50, 200});
  CHECK(pixels(MADE(cnn_blend_images, coloured, &none, 1, CNN_BLEND_GREY)) == Bytes({82, 82, 82}));
  auto dot = images({1, 1, 3, 3}, {0, 0, 0, 0, 130, 0, 0, 0, 0});
  CHECK(pixels(MADE(cnn_blend_images, dot, &none, 1, CNN_BLEND_BLURRED)) == Bytes({0, 0, 0, 0, 50, 0, 0, 0, 0}));

  cnn_handle out = 0;
  for (int partner : {-1, 4}) {
    FAILS(cnn_blend_images(grey, ratios, 2, partner, &out));
  }
  FAILS(cnn_blend_images(check::bytes({1, 2, 3, 3}), ratios, 1, CNN_BLEND_GREY, &out));
  FAILS(cnn_blend_images(check::bytes({1, 4, 3, 3}), ratios, 1, CNN_BLEND_MEAN, &out));
  FAILS(cnn_blend_images(grey, nullptr, 2, CNN_BLEND_BLACK, &out));
  FAILS(cnn_blend_images(grey, ratios, 1, CNN_BLEND_BLACK, &out));
  FAILS(cnn_blend_images(grey, ratios, 2, CNN_BLEND_BLACK, nullptr));
  CHECK(out == 0);
}

TEST(augmentation_turns_hues) {
  auto red = images({1, 3, 1, 1}, {255, 0, 0});
  const double third = 1 / 3.0, none = 0;
  CHECK(pixels(MADE(cnn_shift_hue, red, &third, 1)) == Bytes({0, 255, 0}));
  CHECK(pixels(MADE(cnn_shift_hue, red, &none, 1)) == Bytes({255, 0, 0}));
  auto grey = images({1, 3, 1, 1}, {51, 51, 51});
  CHECK(pixels(MADE(cnn_shift_hue, grey, &third, 1)) == Bytes({51, 51, 51}));

  cnn_handle out = 0;
  FAILS(cnn_shift_hue(check::bytes({1, 1, 2, 2}), &none, 1, &out));
  FAILS(cnn_shift_hue(red, nullptr, 1, &out));
  FAILS(cnn_shift_hue(red, &none, 0, &out));
  FAILS(cnn_shift_hue(red, &none, 1, nullptr));
  CHECK(out == 0);
}

TEST(augmentation_warps) {
  auto four = images({1, 1, 2, 2}, {1, 2, 3, 4});
  for (int bilinear : {0, 1}) {
    CHECK(pixels(MADE(cnn_warp_images, four, identity, 1, bilinear, 9)) == Bytes({1, 2, 3, 4}));
    const float to_the_left[] = {1, 0, 1, 0, 1, 0}, away[] = {1, 0, 50, 0, 1, 0};
    CHECK(pixels(MADE(cnn_warp_images, four, to_the_left, 1, bilinear, 9)) == Bytes({2, 9, 4, 9}));
    CHECK(pixels(MADE(cnn_warp_images, four, away, 1, bilinear, 0)) == Bytes({0, 0, 0, 0}));
  }

  cnn_handle out = 0;
  FAILS(cnn_warp_images(four, nullptr, 1, 0, 0, &out));
  FAILS(cnn_warp_images(four, identity, 2, 0, 0, &out));
  FAILS(cnn_warp_images(four, identity, 1, 0, 0, nullptr));
  CHECK(out == 0);

  // Places that are no numbers are nowhere, and must be read nowhere.
  const float nan = std::numeric_limits<float>::quiet_NaN(), huge = std::numeric_limits<float>::max();
  for (float bad : {nan, huge, -huge, std::numeric_limits<float>::infinity()}) {
    const float matrix[] = {bad, bad, bad, bad, bad, bad};
    for (int bilinear : {0, 1}) {
      auto warped = MADE(cnn_warp_images, four, matrix, 1, bilinear, 9);
      CHECK(check::sizes(warped) == check::Sizes({1, 1, 2, 2}));
    }
  }
}

TEST(augmentation_resizes_crops) {
  auto four = images({1, 1, 2, 2}, {10, 20, 30, 40});
  CHECK(pixels(MADE(cnn_resize_crops, four, whole, 1)) == Bytes({10, 20, 30, 40}));
  const int64_t corner[] = {1, 0, 1, 1}, line[] = {0, 0, 1, 2};
  CHECK(pixels(MADE(cnn_resize_crops, four, corner, 1)) == Bytes({30, 30, 30, 30}));
  CHECK(pixels(MADE(cnn_resize_crops, four, line, 1)) == Bytes({10, 20, 10, 20}));

  cnn_handle out = 0;
  using limits = std::numeric_limits<int64_t>;
  const int64_t bad[][4] = {
      {-1, 0, 1, 1}, {0, -1, 1, 1}, {0, 0, 0, 1}, {0, 0, 1, 0}, {0, 0, 3, 1}, {1, 0, 2, 1}, {0, 1, 1, 2},
      {limits::max(), 0, 1, 1}, {1, 0, limits::max(), 1}, {limits::min(), 0, limits::max(), 1}};
  for (const auto& box : bad) {
    FAILS(cnn_resize_crops(four, box, 1, &out));
  }
  FAILS(cnn_resize_crops(four, nullptr, 1, &out));
  FAILS(cnn_resize_crops(four, whole, 2, &out));
  FAILS(cnn_resize_crops(four, whole, 1, nullptr));
  CHECK(out == 0);
}

TEST(augmentation_erases_boxes) {
  for (int layout : {CNN_CONTIGUOUS, CNN_CHANNELS_LAST}) {
    auto batch = MADE(cnn_copy, check::floats({2, 1, 2, 2}, std::vector<float>(8, 1)), CNN_CPU, 0, layout);
    const int64_t boxes[] = {-1, 1, 2, 9, 0, 0, 0, 2};
    OK(cnn_erase_boxes(batch, boxes, 2, 5));
    CHECK(check::read(batch) == std::vector<float>({1, 5, 1, 1, 1, 1, 1, 1}));
  }
  OK(cnn_erase_boxes(check::floats({0, 1, 2, 2}), nullptr, 0, 5));

  auto one = check::floats({1, 1, 2, 2});
  FAILS(cnn_erase_boxes(one, nullptr, 1, 5));
  FAILS(cnn_erase_boxes(one, whole, 2, 5));
  FAILS(cnn_erase_boxes(one, whole, -1, 5));
  FAILS(cnn_erase_boxes(check::bytes({1, 1, 2, 2}), whole, 1, 5));
  FAILS(cnn_erase_boxes(check::floats({1, 2, 2}), whole, 1, 5));
  BAD_HANDLE(cnn_erase_boxes(0, whole, 1, 5));
}

TEST(augmentation_of_nothing) {
  auto none = images({0, 3, 4, 4}, {});
  CHECK(check::sizes(MADE(cnn_map_bytes, none, nullptr, 0))[0] == 0);
  CHECK(check::sizes(MADE(cnn_shift_hue, none, nullptr, 0))[0] == 0);
  CHECK(check::sizes(MADE(cnn_resize_crops, none, nullptr, 0))[0] == 0);
  CHECK(check::sizes(MADE(cnn_warp_images, none, nullptr, 0, 1, 7))[0] == 0);
  for (int partner : {CNN_BLEND_BLACK, CNN_BLEND_MEAN, CNN_BLEND_GREY, CNN_BLEND_BLURRED}) {
    CHECK(check::sizes(MADE(cnn_blend_images, none, nullptr, 0, partner))[0] == 0);
  }
}

TEST(augmentation_of_wrong_kinds) {
  auto channels_last = MADE(cnn_copy, check::bytes({1, 3, 2, 2}), CNN_CPU, 0, CNN_CHANNELS_LAST);
  auto freed = check::bytes({1, 3, 2, 2});
  cnn_handle closed = freed.close();
  const int64_t index = 0;
  const int32_t places[] = {0, 0};
  const double number = 0.5;
  const Bytes tables(768);
  std::vector<int64_t> counts(768);
  cnn_handle out = 0;
  auto all = [&](cnn_handle handle, auto&& check_status) {
    check_status(cnn_select_pixels(handle, &index, places, places, 1, 2, 2, 0, &out));
    check_status(cnn_put_images(handle, &index, 1, handle));
    check_status(cnn_count_bytes(handle, counts.data(), 768));
    check_status(cnn_map_bytes(handle, tables.data(), 1, &out));
    check_status(cnn_blend_images(handle, &number, 1, CNN_BLEND_BLACK, &out));
    check_status(cnn_shift_hue(handle, &number, 1, &out));
    check_status(cnn_warp_images(handle, identity, 1, 0, 0, &out));
    check_status(cnn_resize_crops(handle, whole, 1, &out));
  };
  auto fails = [](int status) { FAILS(status); };
  auto bad_handle = [](int status) { BAD_HANDLE(status); };
  all(check::floats({1, 3, 2, 2}), fails);
  all(check::bytes({3, 2, 2}), fails);
  all(check::bytes({1, 1, 3, 2, 2}), fails);
  all(channels_last, fails);
  all(0, bad_handle);
  all(closed, bad_handle);
  all(check::generator(1), bad_handle);
  CHECK(out == 0);
}
