// PNG through libpng.
#include <png.h>

#include <cstring>
#include <vector>

#include "images/escape.h"
#include "images/exif.h"
#include "images/formats.h"

namespace cnn {
namespace {

// Deflate makes at most 1032 bytes of one.
constexpr int64_t most_bytes_from_one = 1032;

Escape& escape_of(png_structp png) { return *static_cast<Escape*>(png_get_error_ptr(png)); }

void on_error(png_structp png, png_const_charp words) { escape_of(png).leave(CNN_BAD_IMAGE, words); }

void on_warning(png_structp, png_const_charp) {}

/// What is left of the file.
struct Input {
  const uint8_t* next;
  int64_t left;
};

void on_read(png_structp png, png_bytep to, size_t count) {
  auto* input = static_cast<Input*>(png_get_io_ptr(png));
  if (static_cast<int64_t>(count) > input->left) {
    png_error(png, ends_early);
  }
  std::memcpy(to, input->next, count);
  input->next += count;
  input->left -= static_cast<int64_t>(count);
}

class PngReader final : public ImageReader {
 public:
  PngReader(const uint8_t* file, int64_t length) : input_{file, length} {
    try {
      enter(escape_, [&] { read_header(length); });
      require_size(info_.width, info_.height);
      require_bytes(length);
    } catch (...) {
      close();
      throw;
    }
  }
  ~PngReader() override { close(); }

  const cnn_image_info& info() const override { return info_; }

  void decode(const Planes& planes) override {
    int passes = 1;
    enter(escape_, [&] { passes = begin_pixels(); });
    size_t stride = png_get_rowbytes(png_, png_info_);
    bool indexed = info_.color == CNN_PALETTE;
    size_t width = static_cast<size_t>(info_.width);
    if (stride != (indexed ? width : width * static_cast<size_t>(channels_of(info_)))) {
      throw ImageError(CNN_BAD_IMAGE, "its rows are not what its header says");
    }
    // The passes of an interlaced image fill its rows bit by bit; else one row serves for all.
    size_t kept = passes > 1 ? stride : 0;
    std::vector<uint8_t> rows(passes > 1 ? stride * static_cast<size_t>(info_.height) : stride);
    std::vector<uint8_t> colors(indexed ? 3 * width : 0);
    enter(escape_, [&] {
      for (int pass = 0; pass < passes; pass++) {
        for (int y = 0; y < info_.height; y++) {
          uint8_t* row = rows.data() + kept * static_cast<size_t>(y);
          png_read_row(png_, row, nullptr);
          if (pass == passes - 1) {
            planes.put_row(y, indexed ? look_up(row, colors.data()) : row);
          }
        }
      }
      png_read_end(png_, nullptr);  // the last check sums, and that the end is there
    });
  }

 private:
  void close() { png_destroy_read_struct(&png_, &png_info_, nullptr); }

  void read_header(int64_t length) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &escape_, on_error, on_warning);
    png_info_ = png_ != nullptr ? png_create_info_struct(png_) : nullptr;
    if (png_info_ == nullptr) {
      escape_.leave(CNN_OUT_OF_MEMORY, "libpng could not allocate memory");
    }
    png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // require_size says it in our words
    png_set_chunk_malloc_max(png_, static_cast<png_alloc_size_t>(length));
    // Of what may stand around the pixels only the orientation matters; the rest could be made to swell.
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_AS_DEFAULT, reinterpret_cast<png_const_bytep>("eXIf"), 1);
    png_set_read_fn(png_, &input_, on_read);
    png_read_info(png_, png_info_);
    describe();
  }

  void describe() {
    int color = png_get_color_type(png_, png_info_);
    bool transparent = png_get_valid(png_, png_info_, PNG_INFO_tRNS) != 0;
    info_.format = CNN_PNG;
    info_.color = color == PNG_COLOR_TYPE_PALETTE ? CNN_PALETTE : (color & PNG_COLOR_MASK_COLOR) != 0 ? CNN_RGB : CNN_GREY;
    info_.width = static_cast<int32_t>(png_get_image_width(png_, png_info_));
    info_.height = static_cast<int32_t>(png_get_image_height(png_, png_info_));
    info_.bit_depth = png_get_bit_depth(png_, png_info_);
    info_.has_alpha = transparent || (color & PNG_COLOR_MASK_ALPHA) != 0;
    info_.interlaced = png_get_interlace_type(png_, png_info_) != PNG_INTERLACE_NONE;
    png_bytep exif = nullptr;
    png_uint_32 exif_length = 0;
    bool has_exif = png_get_eXIf_1(png_, png_info_, &exif_length, &exif) != 0;
    info_.orientation = has_exif ? exif_orientation(exif, exif_length) : 1;
    png_colorp colors = nullptr;
    if (info_.color == CNN_PALETTE && png_get_PLTE(png_, png_info_, &colors, &info_.palette_size) != 0) {
      for (int i = 0; i < info_.palette_size; i++) {
        const uint8_t rgb[] = {colors[i].red, colors[i].green, colors[i].blue};
        std::memcpy(info_.palette + 3 * i, rgb, 3);
      }
    }
  }

  void require_bytes(int64_t length) const {
    int64_t row = (int64_t{info_.width} * info_.bit_depth * png_get_channels(png_, png_info_) + 7) / 8;
    if (row * info_.height / most_bytes_from_one > length) {
      throw ImageError(CNN_BAD_IMAGE, ends_early);
    }
  }

  /// The colours of a row of indices; libpng would make black of one beyond the palette.
  const uint8_t* look_up(const uint8_t* indices, uint8_t* colors) {
    for (int x = 0; x < info_.width; x++) {
      if (indices[x] >= info_.palette_size) {
        escape_.leave(CNN_BAD_IMAGE, "it has a number beyond its palette");
      }
      std::memcpy(colors + 3 * x, info_.palette + 3 * indices[x], 3);
    }
    return colors;
  }

  /// Asks for 8 bits of grey or RGB, or for indices of a byte each; gives the number of passes.
  int begin_pixels() {
    png_set_strip_16(png_);
    png_set_strip_alpha(png_);
    if (info_.color == CNN_PALETTE) {
      png_set_packing(png_);
    } else if (info_.bit_depth < 8) {
      png_set_expand_gray_1_2_4_to_8(png_);
    }
    int passes = png_set_interlace_handling(png_);
    png_read_update_info(png_, png_info_);
    return passes;
  }

  Escape escape_;
  Input input_;
  png_structp png_ = nullptr;
  png_infop png_info_ = nullptr;
  cnn_image_info info_{};
};

void on_write(png_structp png, png_bytep bytes, size_t count) {
  if (!static_cast<Bytes*>(png_get_io_ptr(png))->append(bytes, count)) {
    escape_of(png).leave(CNN_OUT_OF_MEMORY, "there is no memory for the file");
  }
}

void on_flush(png_structp) {}

struct PngWriter {
  Escape escape;
  png_structp png = nullptr;
  png_infop info = nullptr;

  ~PngWriter() { png_destroy_write_struct(&png, &info); }
};

}  // namespace

std::unique_ptr<ImageReader> open_png(const uint8_t* file, int64_t length) {
  return std::make_unique<PngReader>(file, length);
}

void encode_png(const uint8_t* pixels, int channels, int height, int width, Bytes& file) {
  PngWriter writer;
  std::vector<uint8_t> row(static_cast<size_t>(width) * static_cast<size_t>(channels));
  enter(writer.escape, [&] {
    writer.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &writer.escape, on_error, on_warning);
    writer.info = writer.png != nullptr ? png_create_info_struct(writer.png) : nullptr;
    if (writer.info == nullptr) {
      writer.escape.leave(CNN_OUT_OF_MEMORY, "libpng could not allocate memory");
    }
    png_set_user_limits(writer.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_write_fn(writer.png, &file, on_write, on_flush);
    png_set_IHDR(
        writer.png, writer.info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), 8,
        channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
        PNG_FILTER_TYPE_DEFAULT);
    png_write_info(writer.png, writer.info);
    for (int y = 0; y < height; y++) {
      get_row(pixels, channels, height, width, y, row.data());
      png_write_row(writer.png, row.data());
    }
    png_write_end(writer.png, writer.info);
  });
}

}  // namespace cnn
