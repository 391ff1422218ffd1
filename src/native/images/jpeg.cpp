// JPEG through libjpeg-turbo.
#include <cstdio>  // jpeglib.h wants it before

#include <jerror.h>
#include <jpeglib.h>

#include <cstring>
#include <string>
#include <vector>

#include "images/escape.h"
#include "images/exif.h"
#include "images/formats.h"

namespace cnn {
namespace {

// A scan may cost a few bytes of the file and a walk over the whole image. Files in use have about ten.
constexpr int most_scans = 100;
// The coefficients of a progressive image are all in memory at once, two bytes each.
constexpr int64_t most_progressive_pixels = CNN_MAX_PIXELS / 4;
constexpr int exif_marker = JPEG_APP0 + 1;
constexpr int whole_marker = 0xFFFF;
constexpr char exif_start[] = "Exif\0";  // and a second NUL

struct ErrorManager : jpeg_error_mgr {
  Escape escape;
};

Escape& escape_of(j_common_ptr info) { return static_cast<ErrorManager*>(info->err)->escape; }

int status_of(int message) {
  switch (message) {
    case JERR_OUT_OF_MEMORY:
      return CNN_OUT_OF_MEMORY;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_IMAGE_TOO_BIG:
    case JERR_SOF_UNSUPPORTED:
      return CNN_UNSUPPORTED_IMAGE;
    default:
      return CNN_BAD_IMAGE;
  }
}

void on_error(j_common_ptr info) {
  char words[JMSG_LENGTH_MAX];
  info->err->format_message(info, words);
  escape_of(info).leave(status_of(info->err->msg_code), words);
}

/// Where libjpeg would go on with pixels of its own invention.
bool loses_pixels(int message) {
  return message == JWRN_HIT_MARKER || message == JWRN_HUFF_BAD_CODE || message == JWRN_MUST_RESYNC;
}

void on_message(j_common_ptr info, int level) {
  if (level < 0 && info->err->msg_code == JWRN_JPEG_EOF) {
    escape_of(info).leave(CNN_BAD_IMAGE, ends_early);
  }
  if (level < 0 && loses_pixels(info->err->msg_code)) {
    on_error(info);
  }
}

void on_progress(j_common_ptr info) {
  if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > most_scans) {
    escape_of(info).leave(CNN_BAD_IMAGE, "it has more scans than any picture needs");
  }
}

void set_handlers(ErrorManager& errors) {
  jpeg_std_error(&errors);
  errors.error_exit = on_error;
  errors.emit_message = on_message;
}

class JpegReader final : public ImageReader {
 public:
  JpegReader(const uint8_t* file, int64_t length) {
    set_handlers(errors_);
    progress_.progress_monitor = on_progress;
    jpeg_.err = &errors_;
    try {
      enter(errors_.escape, [&] { read_header(file, length); });
      require_kind();
      require_size(info_.width, info_.height, info_.interlaced ? most_progressive_pixels : CNN_MAX_PIXELS);
      require_bytes(length);
    } catch (...) {
      jpeg_destroy_decompress(&jpeg_);
      throw;
    }
  }
  ~JpegReader() override { jpeg_destroy_decompress(&jpeg_); }

  const cnn_image_info& info() const override { return info_; }

  void decode(const Planes& planes) override {
    jpeg_.out_color_space = info_.color == CNN_GREY ? JCS_GRAYSCALE : JCS_RGB;
    std::vector<uint8_t> row(static_cast<size_t>(info_.width) * static_cast<size_t>(channels_of(info_)));
    JSAMPROW to = row.data();
    enter(errors_.escape, [&] {
      jpeg_start_decompress(&jpeg_);
      for (int y = 0; y < info_.height; y++) {
        jpeg_read_scanlines(&jpeg_, &to, 1);
        planes.put_row(y, to);
      }
      jpeg_finish_decompress(&jpeg_);  // that the end is there
    });
  }

 private:
  void read_header(const uint8_t* file, int64_t length) {
    jpeg_create_decompress(&jpeg_);
    jpeg_.progress = &progress_;
    jpeg_mem_src(&jpeg_, file, static_cast<unsigned long>(length));
    jpeg_save_markers(&jpeg_, exif_marker, whole_marker);
    jpeg_read_header(&jpeg_, TRUE);
    info_.format = CNN_JPEG;
    info_.color = jpeg_.num_components == 1 ? CNN_GREY : CNN_RGB;
    info_.width = static_cast<int32_t>(jpeg_.image_width);
    info_.height = static_cast<int32_t>(jpeg_.image_height);
    info_.bit_depth = jpeg_.data_precision;
    info_.interlaced = jpeg_.progressive_mode != FALSE;
    info_.orientation = orientation();
  }

  int orientation() const {
    for (jpeg_saved_marker_ptr marker = jpeg_.marker_list; marker != nullptr; marker = marker->next) {
      if (marker->data_length >= sizeof exif_start && std::memcmp(marker->data, exif_start, sizeof exif_start) == 0) {
        return exif_orientation(marker->data + sizeof exif_start, int64_t{marker->data_length} - int64_t{sizeof exif_start});
      }
    }
    return 1;
  }

  void require_kind() const {
    if (jpeg_.jpeg_color_space == JCS_CMYK || jpeg_.jpeg_color_space == JCS_YCCK) {
      throw ImageError(CNN_UNSUPPORTED_IMAGE, "its colours are CMYK, for print; grey and RGB are read");
    }
    if (jpeg_.num_components != 1 && jpeg_.num_components != 3) {
      throw ImageError(CNN_UNSUPPORTED_IMAGE, "it has " + std::to_string(jpeg_.num_components) + " components");
    }
    if (jpeg_.arith_code != FALSE) {
      throw ImageError(CNN_UNSUPPORTED_IMAGE, "it is arithmetic-coded, which next to nothing reads");
    }
    if (jpeg_.data_precision != 8) {
      throw ImageError(CNN_UNSUPPORTED_IMAGE, "its samples have " + std::to_string(jpeg_.data_precision) + " bits");
    }
  }

  /// A block of 8 x 8 samples takes at least a bit.
  void require_bytes(int64_t length) const {
    int64_t blocks = 0;
    for (int i = 0; i < jpeg_.num_components; i++) {
      blocks += int64_t{jpeg_.comp_info[i].width_in_blocks} * jpeg_.comp_info[i].height_in_blocks;
    }
    if (blocks / 8 > length) {
      throw ImageError(CNN_BAD_IMAGE, ends_early);
    }
  }

  ErrorManager errors_;
  jpeg_progress_mgr progress_{};
  jpeg_decompress_struct jpeg_{};
  cnn_image_info info_{};
};

/// libjpeg's own destination loses its memory where more of it cannot be had.
struct Destination : jpeg_destination_mgr {
  Bytes& file;
  JOCTET chunk[1 << 14];

  explicit Destination(Bytes& to) : jpeg_destination_mgr{}, file(to) {
    init_destination = [](j_compress_ptr jpeg) { of(jpeg).restart(); };
    empty_output_buffer = [](j_compress_ptr jpeg) {
      of(jpeg).append(jpeg, sizeof chunk);
      of(jpeg).restart();
      return static_cast<boolean>(TRUE);
    };
    term_destination = [](j_compress_ptr jpeg) { of(jpeg).append(jpeg, sizeof chunk - jpeg->dest->free_in_buffer); };
  }

 private:
  static Destination& of(j_compress_ptr jpeg) { return *static_cast<Destination*>(jpeg->dest); }

  void restart() {
    next_output_byte = chunk;
    free_in_buffer = sizeof chunk;
  }

  void append(j_compress_ptr jpeg, size_t count) {
    if (!file.append(chunk, count)) {
      escape_of(reinterpret_cast<j_common_ptr>(jpeg)).leave(CNN_OUT_OF_MEMORY, "there is no memory for the file");
    }
  }
};

struct JpegWriter {
  ErrorManager errors;
  Destination destination;
  jpeg_compress_struct jpeg{};

  explicit JpegWriter(Bytes& file) : destination(file) {
    set_handlers(errors);
    jpeg.err = &errors;
  }
  ~JpegWriter() { jpeg_destroy_compress(&jpeg); }
};

}  // namespace

std::unique_ptr<ImageReader> open_jpeg(const uint8_t* file, int64_t length) {
  return std::make_unique<JpegReader>(file, length);
}

void encode_jpeg(const uint8_t* pixels, int channels, int height, int width, int quality, Bytes& file) {
  if (width > JPEG_MAX_DIMENSION || height > JPEG_MAX_DIMENSION) {
    throw ImageError(
        CNN_UNSUPPORTED_IMAGE, "a JPEG file is at most " + std::to_string(JPEG_MAX_DIMENSION) + " pixels wide and high");
  }
  JpegWriter writer(file);
  std::vector<uint8_t> row(static_cast<size_t>(width) * static_cast<size_t>(channels));
  JSAMPROW from = row.data();
  enter(writer.errors.escape, [&] {
    jpeg_compress_struct* jpeg = &writer.jpeg;
    jpeg_create_compress(jpeg);
    jpeg->dest = &writer.destination;
    jpeg->image_width = static_cast<JDIMENSION>(width);
    jpeg->image_height = static_cast<JDIMENSION>(height);
    jpeg->input_components = channels;
    jpeg->in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, quality, TRUE);
    jpeg_start_compress(jpeg, TRUE);
    for (int y = 0; y < height; y++) {
      get_row(pixels, channels, height, width, y, from);
      jpeg_write_scanlines(jpeg, &from, 1);
    }
    jpeg_finish_compress(jpeg);
  });
}

}  // namespace cnn
