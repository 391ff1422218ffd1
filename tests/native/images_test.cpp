// Image files: what is written is read again, upright and whole; what is broken is an error and never a crash.
#include <cstdlib>
#include <cstring>

#include "check.h"

namespace {

using File = std::vector<uint8_t>;

/// Bands that a JPEG keeps nearly as they are.
File picture(int channels, int height, int width) {
  File pixels;
  for (int c = 0; c < channels; c++) {
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        pixels.push_back(static_cast<uint8_t>(40 * c + 4 * y + 2 * x));
      }
    }
  }
  return pixels;
}

File encode(int format, int channels, int height, int width, int quality = 95) {
  File pixels = picture(channels, height, width);
  uint8_t* bytes = nullptr;
  int64_t length = 0;
  OK(cnn_image_encode(format, pixels.data(), channels, height, width, quality, &bytes, &length));
  File file(bytes, bytes + length);
  OK(cnn_free_bytes(bytes));
  return file;
}

int64_t size(const File& file) { return static_cast<int64_t>(file.size()); }

cnn_image_info probe(const File& file) {
  cnn_image_info info{};
  OK(cnn_image_probe(file.data(), size(file), &info));
  return info;
}

File decode(const File& file) {
  cnn_image_info info = probe(file);
  File pixels(static_cast<size_t>(info.width) * info.height * (info.color == CNN_GREY ? 1 : 3));
  OK(cnn_image_decode(file.data(), size(file), pixels.data(), size(pixels)));
  return pixels;
}

/// Takes a file that may be broken as a caller does: whatever it says, no more memory than its length allows.
int read(const File& file) {
  cnn_image_info info{};
  int status = cnn_image_probe(file.data(), size(file), &info);
  if (status != CNN_OK) {
    return status;
  }
  int64_t count = int64_t{info.width} * info.height * (info.color == CNN_GREY ? 1 : 3);
  CHECK(count <= 10000 * size(file));
  File pixels(static_cast<size_t>(count));
  return cnn_image_decode(file.data(), size(file), pixels.data(), count);
}

void put32(File& file, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    file.push_back(static_cast<uint8_t>(value >> shift));
  }
}

uint32_t crc(const uint8_t* bytes, size_t count) {
  uint32_t value = ~0u;
  for (size_t i = 0; i < count; i++) {
    value ^= bytes[i];
    for (int bit = 0; bit < 8; bit++) {
      value = value >> 1 ^ ((value & 1) != 0 ? 0xEDB88320u : 0);
    }
  }
  return ~value;
}

void put_chunk(File& file, const char* type, const File& content) {
  put32(file, static_cast<uint32_t>(content.size()));
  size_t start = file.size();
  file.insert(file.end(), type, type + 4);
  file.insert(file.end(), content.begin(), content.end());
  put32(file, crc(file.data() + start, file.size() - start));
}

constexpr size_t png_header_end = 8 + 25;

/// A PNG's header alone.
File png_header(uint32_t width, uint32_t height, uint8_t depth, uint8_t color) {
  File file{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'}, content;
  put32(content, width);
  put32(content, height);
  content.insert(content.end(), {depth, color, 0, 0, 0});
  put_chunk(file, "IHDR", content);
  return file;
}

/// A JPEG's header alone: the frame and the first scan's.
File jpeg_header(uint8_t frame, uint16_t width, uint16_t height, uint8_t components, uint8_t precision = 8) {
  auto high = [](uint16_t value) { return static_cast<uint8_t>(value >> 8); };
  auto low = [](uint16_t value) { return static_cast<uint8_t>(value); };
  File file{0xFF, 0xD8, 0xFF, frame, 0, static_cast<uint8_t>(8 + 3 * components), precision,
      high(height), low(height), high(width), low(width), components};
  for (uint8_t i = 1; i <= components; i++) {
    file.insert(file.end(), {i, 0x11, 0});
  }
  file.insert(file.end(), {0xFF, 0xDA, 0, static_cast<uint8_t>(6 + 2 * components), components});
  for (uint8_t i = 1; i <= components; i++) {
    file.insert(file.end(), {i, 0});
  }
  file.insert(file.end(), {0, 63, 0});
  return file;
}

/// EXIF data that say nothing but the orientation.
File exif(uint8_t orientation) {
  return {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0};
}

File with_exif_in_jpeg(File file, const File& tiff) {
  File marker{0xFF, 0xE1, 0, static_cast<uint8_t>(8 + tiff.size()), 'E', 'x', 'i', 'f', 0, 0};
  marker.insert(marker.end(), tiff.begin(), tiff.end());
  file.insert(file.begin() + 2, marker.begin(), marker.end());
  return file;
}

File with_exif_in_png(File file, const File& tiff) {
  File chunk;
  put_chunk(chunk, "eXIf", tiff);
  file.insert(file.begin() + png_header_end, chunk.begin(), chunk.end());
  return file;
}

/// Small numbers that look random, the same at each run.
struct Random {
  uint64_t state = 1;
  size_t below(size_t limit) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<size_t>(state >> 33) % limit;
  }
};

void damage(File& file, Random& random) {
  for (size_t i = 0, changes = 1 + random.below(4); i < changes && !file.empty(); i++) {
    size_t at = random.below(file.size());
    auto place = file.begin() + static_cast<std::ptrdiff_t>(at);
    switch (random.below(4)) {
      case 0:
        file[at] ^= static_cast<uint8_t>(1 << random.below(8));
        break;
      case 1:
        file[at] = static_cast<uint8_t>(random.below(256));
        break;
      case 2:
        file.insert(place, static_cast<uint8_t>(random.below(256)));
        break;
      default:
        file.erase(place, random.below(8) == 0 ? file.end() : place + 1);
        break;
    }
  }
}

/// Makes the check sums of a PNG right again, so that the damage is looked at and not refused for them.
void repair(File& file) {
  for (size_t at = 8; at + 12 <= file.size();) {
    uint32_t length = file[at] << 24 | file[at + 1] << 16 | file[at + 2] << 8 | file[at + 3];
    if (length > file.size() - at - 12) {
      return;
    }
    File sum;
    put32(sum, crc(file.data() + at + 4, length + 4));
    std::memcpy(file.data() + at + 8 + length, sum.data(), 4);
    at += 12 + length;
  }
}

}  // namespace

TEST(images_png_comes_back_exactly) {
  for (int channels : {1, 3}) {
    File file = encode(CNN_PNG, channels, 5, 7);
    cnn_image_info info = probe(file);
    CHECK(info.format == CNN_PNG && info.width == 7 && info.height == 5 && info.bit_depth == 8);
    CHECK(info.color == (channels == 1 ? CNN_GREY : CNN_RGB));
    CHECK(!info.has_alpha && !info.interlaced && info.orientation == 1 && info.palette_size == 0);
    CHECK(decode(file) == picture(channels, 5, 7));
  }
}

TEST(images_jpeg_comes_back_nearly) {
  for (int channels : {1, 3}) {
    File file = encode(CNN_JPEG, channels, 16, 24);
    cnn_image_info info = probe(file);
    CHECK(info.format == CNN_JPEG && info.width == 24 && info.height == 16 && info.bit_depth == 8);
    CHECK(info.color == (channels == 1 ? CNN_GREY : CNN_RGB));
    File wanted = picture(channels, 16, 24), got = decode(file);
    for (size_t i = 0; i < wanted.size(); i++) {
      CHECK(std::abs(wanted[i] - got[i]) <= 8);
    }
  }
  CHECK(encode(CNN_JPEG, 3, 64, 64, 10).size() < encode(CNN_JPEG, 3, 64, 64, 90).size());
  CHECK(encode(CNN_JPEG, 3, 600, 600, 100).size() > 1 << 14);  // more than one chunk
}

TEST(images_orientation_is_undone) {
  // The picture 0 1 2 / 3 4 5, as each orientation has it upright.
  const File upright[] = {{0, 1, 2, 3, 4, 5}, {2, 1, 0, 5, 4, 3}, {5, 4, 3, 2, 1, 0}, {3, 4, 5, 0, 1, 2},
      {0, 3, 1, 4, 2, 5}, {3, 0, 4, 1, 5, 2}, {5, 2, 4, 1, 3, 0}, {2, 5, 1, 4, 0, 3}};
  const File pixels{0, 1, 2, 3, 4, 5};
  uint8_t* bytes = nullptr;
  int64_t length = 0;
  OK(cnn_image_encode(CNN_PNG, pixels.data(), 1, 2, 3, 90, &bytes, &length));
  File plain(bytes, bytes + length);
  OK(cnn_free_bytes(bytes));
  for (uint8_t turn = 1; turn <= 8; turn++) {
    File file = with_exif_in_png(plain, exif(turn));
    cnn_image_info info = probe(file);
    CHECK(info.orientation == turn && info.width == 3 && info.height == 2);
    CHECK(decode(file) == upright[turn - 1]);
    CHECK(probe(with_exif_in_jpeg(encode(CNN_JPEG, 3, 16, 8), exif(turn))).orientation == turn);
  }
}

TEST(images_broken_exif_is_passed_over) {
  File jpeg = encode(CNN_JPEG, 1, 8, 8);
  for (uint8_t turn : {0, 9, 255}) {
    CHECK(probe(with_exif_in_jpeg(jpeg, exif(turn))).orientation == 1);
  }
  File tiff = exif(6);
  for (size_t length = 0; length < tiff.size(); length++) {
    cnn_image_info info = probe(with_exif_in_jpeg(jpeg, File(tiff.begin(), tiff.begin() + static_cast<int>(length))));
    CHECK(info.orientation == (length < 22 ? 1 : 6));  // the end of the one entry
  }
  for (size_t at = 0; at < tiff.size(); at++) {
    for (int value : {0, 1, 127, 255}) {
      File bad = tiff;
      bad[at] = static_cast<uint8_t>(value);
      int found = probe(with_exif_in_jpeg(jpeg, bad)).orientation;
      CHECK(found >= 1 && found <= 8);
    }
  }
}

TEST(images_cut_short) {
  for (int format : {CNN_PNG, CNN_JPEG}) {
    File whole = encode(format, 3, 16, 16);
    OK(read(whole));
    for (size_t length = 0; length < whole.size(); length++) {
      int status = read(File(whole.begin(), whole.begin() + static_cast<int>(length)));
      CHECK(status == (length < (format == CNN_PNG ? 8 : 3) ? CNN_UNSUPPORTED_IMAGE : CNN_BAD_IMAGE));
    }
  }
}

TEST(images_that_declare_too_much) {
  cnn_image_info info{};
  for (uint32_t side : {60000u, 0x7FFFFFFFu}) {
    File png = png_header(side, side, 8, 2);
    put_chunk(png, "IDAT", {});
    CHECK(cnn_image_probe(png.data(), size(png), &info) == CNN_IMAGE_TOO_LARGE);
    CHECK(std::strstr(cnn_last_error(), std::to_string(side).c_str()) != nullptr);
  }
  File jpeg = jpeg_header(0xC0, 60000, 60000, 3);
  CHECK(cnn_image_probe(jpeg.data(), size(jpeg), &info) == CNN_IMAGE_TOO_LARGE);
  // Within the bound, and yet more than such a file can hold.
  File png = png_header(16000, 16000, 8, 2);
  put_chunk(png, "IDAT", {});
  CHECK(cnn_image_probe(png.data(), size(png), &info) == CNN_BAD_IMAGE);
  File progressive = jpeg_header(0xC2, 8000, 8000, 3);
  CHECK(cnn_image_probe(progressive.data(), size(progressive), &info) == CNN_BAD_IMAGE);
  // A progressive image has a bound of its own.
  progressive = jpeg_header(0xC2, 16000, 16000, 3);
  CHECK(cnn_image_probe(progressive.data(), size(progressive), &info) == CNN_IMAGE_TOO_LARGE);
}

TEST(images_of_kinds_that_are_not_read) {
  cnn_image_info info{};
  for (const File& file : {jpeg_header(0xC0, 8, 8, 4), jpeg_header(0xC0, 8, 8, 2), jpeg_header(0xC1, 8, 8, 1, 12),
           jpeg_header(0xC9, 8, 8, 1), jpeg_header(0xC3, 8, 8, 1), File{'G', 'I', 'F', '8', '9', 'a', 0, 0, 0},
           File{'t', 'e', 'x', 't'}, File{}}) {
    CHECK(cnn_image_probe(file.data(), size(file), &info) == CNN_UNSUPPORTED_IMAGE);
    CHECK(std::strlen(cnn_last_error()) > 0);
  }
  File cmyk = jpeg_header(0xC0, 8, 8, 4);
  cnn_image_probe(cmyk.data(), size(cmyk), &info);
  CHECK(std::strstr(cnn_last_error(), "CMYK") != nullptr);
}

TEST(images_with_scans_without_end) {
  // A progressive JPEG of one block: the first scan, and then the same scan of no bits again and again.
  File file = jpeg_header(0xC2, 8, 8, 1);
  const File scan(file.end() - 10, file.end());
  file.erase(file.end() - 10, file.end());
  const File tables[] = {{0xFF, 0xDB, 0, 67, 0}, {0xFF, 0xC4, 0, 20, 0, 1}, {0xFF, 0xC4, 0, 20, 0x10, 1}};
  file.insert(file.end(), tables[0].begin(), tables[0].end());
  file.insert(file.end(), 64, 1);
  for (int table : {1, 2}) {
    file.insert(file.end(), tables[table].begin(), tables[table].end());
    file.insert(file.end(), 16, 0);  // fifteen counts more, and the one symbol
  }
  auto add = [&](uint8_t first, uint8_t last) {
    file.insert(file.end(), scan.begin(), scan.end());
    file[file.size() - 3] = first;
    file[file.size() - 2] = last;
    file.push_back(0x7F);
  };
  add(0, 0);
  for (int i = 0; i < 20; i++) {
    add(1, 63);
  }
  File few = file;
  few.insert(few.end(), {0xFF, 0xD9});
  OK(read(few));
  for (int i = 0; i < 200; i++) {
    add(1, 63);
  }
  file.insert(file.end(), {0xFF, 0xD9});
  CHECK(read(file) == CNN_BAD_IMAGE);
  CHECK(std::strstr(cnn_last_error(), "scans") != nullptr);
}

TEST(images_damaged) {
  Random random;
  int good = 0, bad = 0;
  const File originals[] = {encode(CNN_PNG, 3, 9, 9), encode(CNN_PNG, 1, 9, 9), encode(CNN_JPEG, 3, 17, 17),
      with_exif_in_jpeg(encode(CNN_JPEG, 1, 9, 9), exif(5)), with_exif_in_png(encode(CNN_PNG, 1, 9, 9), exif(7))};
  for (int i = 0; i < 8000; i++) {
    File file = originals[i % 5];
    damage(file, random);
    if (i % 2 == 0) {
      repair(file);
    }
    int status = read(file);
    CHECK(status == CNN_OK || status == CNN_BAD_IMAGE || status == CNN_UNSUPPORTED_IMAGE || status == CNN_IMAGE_TOO_LARGE);
    (status == CNN_OK ? good : bad)++;
  }
  CHECK(good > 200 && bad > 2000);
}

TEST(images_wrong_arguments) {
  File file = encode(CNN_PNG, 1, 4, 4);
  File pixels(16);
  cnn_image_info info{};
  uint8_t* bytes = nullptr;
  int64_t length = 0;
  FAILS(cnn_image_probe(nullptr, 8, &info));
  FAILS(cnn_image_probe(file.data(), -1, &info));
  FAILS(cnn_image_probe(file.data(), size(file), nullptr));
  FAILS(cnn_image_decode(file.data(), size(file), pixels.data(), 15));
  FAILS(cnn_image_decode(file.data(), size(file), nullptr, 16));
  FAILS(cnn_image_encode(7, pixels.data(), 1, 4, 4, 90, &bytes, &length));
  FAILS(cnn_image_encode(CNN_PNG, pixels.data(), 2, 2, 4, 90, &bytes, &length));
  FAILS(cnn_image_encode(CNN_PNG, pixels.data(), 1, 0, 4, 90, &bytes, &length));
  FAILS(cnn_image_encode(CNN_JPEG, pixels.data(), 1, 4, 4, 101, &bytes, &length));
  FAILS(cnn_image_encode(CNN_PNG, nullptr, 1, 4, 4, 90, &bytes, &length));
  FAILS(cnn_image_encode(CNN_PNG, pixels.data(), 1, 4, 4, 90, nullptr, &length));
  CHECK(cnn_image_encode(CNN_PNG, pixels.data(), 1, 60000, 60000, 90, &bytes, &length) == CNN_IMAGE_TOO_LARGE);
  CHECK(cnn_image_encode(CNN_JPEG, pixels.data(), 1, 1, 65501, 90, &bytes, &length) == CNN_UNSUPPORTED_IMAGE);
  OK(cnn_free_bytes(nullptr));
}
