// Compiled once for each instruction set, with CNN_LANES floats in a vector, CNN_VECTORS registers' worth of sums, and
// the compiler's flags for it. Everything lies in an unnamed namespace: no version must stand in for another.
#include <algorithm>
#include <cstring>

#include "conv_pool_kernels.h"

namespace {

using cnn::ConvPoolGeometry;
using Live = cnn::ConvPoolKernels::Live;

constexpr int lanes = CNN_LANES;

using Vector __attribute__((vector_size(lanes * sizeof(float)))) = float;
using Integers __attribute__((vector_size(lanes * sizeof(int32_t)))) = int32_t;
using Bytes __attribute__((vector_size(lanes))) = uint8_t;

inline Vector load(const float* from) {
  Vector value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

inline void store(float* to, Vector value) { std::memcpy(to, &value, sizeof value); }

// --- forward ---

/// The larger of two, as max pooling has it: the first of equals, and a NaN wins.
inline void contend(Vector& best, Integers& winner, Vector value, int place) {
  Integers wins = (value > best) | (value != value);
  best = wins ? value : best;
  winner = wins ? Integers{} + place : winner;
}

/// One vector of the pooled output; fewer than `lanes` filters at the end of them.
inline void finish(Vector best, Integers winner, int64_t filters, float* out, uint8_t* winners) {
  Integers cut = best <= Vector{};  // ReLU; a NaN passes
  best = cut ? Vector{} : best;
  Bytes places = __builtin_convertvector(cut ? Integers{} + cnn::no_winner : winner, Bytes);
  auto count = static_cast<size_t>(std::min<int64_t>(filters, lanes));
  std::memcpy(out, &best, count * sizeof(float));
  if (winners != nullptr) {
    std::memcpy(winners, &places, count);
  }
}

/// `Columns` windows side by side, for `Vectors` vectors of filters: the sums stay in registers.
template <int Vectors, int Columns>
void forward_tile(
    const ConvPoolGeometry& g, const float* origin, const float* weight, const float* bias, int64_t filters, float* out,
    uint8_t* winners) {
  Vector sums[2][2 * Columns][Vectors];
  for (auto& row : sums) {
    for (auto& sum : row) {
      for (int v = 0; v < Vectors; v++) {
        sum[v] = load(bias + v * lanes);
      }
    }
  }
  const int64_t channels = g.channels, row = g.row(), kernel_row = g.kernel_row();
  for (int64_t y = 0; y < g.kernel_v; y++, origin += row) {
    for (int64_t i = 0; i < kernel_row; i++, weight += Vectors * lanes) {
      Vector w[Vectors];
      for (int v = 0; v < Vectors; v++) {
        w[v] = load(weight + v * lanes);
      }
      for (int r = 0; r < 2; r++) {
        for (int c = 0; c < 2 * Columns; c++) {
          const float value = origin[r * row + c * channels + i];
          for (int v = 0; v < Vectors; v++) {
            sums[r][c][v] += value * w[v];
          }
        }
      }
    }
  }
  for (int c = 0; c < Columns; c++) {
    for (int v = 0; v < Vectors && v * lanes < filters; v++) {
      Vector best = sums[0][2 * c][v];
      Integers winner{};
      contend(best, winner, sums[0][2 * c + 1][v], 1);
      contend(best, winner, sums[1][2 * c][v], 2);
      contend(best, winner, sums[1][2 * c + 1][v], 3);
      const int64_t at = c * g.filters + v * lanes;
      finish(best, winner, filters - v * lanes, out + at, winners == nullptr ? nullptr : winners + at);
    }
  }
}

template <int Vectors>
void forward_block(
    const ConvPoolGeometry& g, const float* padded, const float* weight, const float* bias, int64_t filters, float* out,
    uint8_t* winners) {
  constexpr int columns = std::max(1, CNN_SUMS / (4 * Vectors));
  const int64_t width = g.pooled_width();
  for (int64_t y = 0; y < g.pooled_height(); y++) {
    auto tile = [&](auto tile_columns, int64_t x) {
      const int64_t at = (y * width + x) * g.filters;
      forward_tile<Vectors, decltype(tile_columns)::value>(
          g, padded + 2 * y * g.row() + 2 * x * g.channels, weight, bias, filters, out + at,
          winners == nullptr ? nullptr : winners + at);
    };
    int64_t x = 0;
    for (; x + columns <= width; x += columns) {
      tile(std::integral_constant<int, columns>(), x);
    }
    for (; x < width; x++) {
      tile(std::integral_constant<int, 1>(), x);
    }
  }
}

void forward(
    const ConvPoolGeometry& g, const float* padded, const float* weight, const float* bias, float* out,
    uint8_t* winners) {
  constexpr int64_t block = CNN_BLOCK_VECTORS * lanes;
  for (int64_t first = 0; first < g.filters; first += block) {
    const int64_t filters = std::min(block, g.filters - first);
    uint8_t* places = winners == nullptr ? nullptr : winners + first;
    if (filters > lanes) {
      forward_block<CNN_BLOCK_VECTORS>(g, padded, weight, bias + first, filters, out + first, places);
    } else {
      forward_block<1>(g, padded, weight, bias + first, filters, out + first, places);
    }
    weight += g.kernel_v * g.kernel_row() * std::min(block, (g.filters - first + lanes - 1) / lanes * lanes);
  }
}

// --- backward: only one of a window's four values, or none, has a gradient ---

/// Where a window's four values lie behind its first.
struct Places {
  int64_t of[4];

  explicit Places(const ConvPoolGeometry& g) : of{0, g.channels, g.row(), g.row() + g.channels} {}
};

/// Calls piece(rows, vectors, y, x) for a kernel cut into pieces whose sums stay in registers.
template <class Piece>
void for_each_piece(const ConvPoolGeometry& g, int64_t most_rows, Piece&& piece) {
  const int64_t row_vectors = (g.kernel_row() + lanes - 1) / lanes;
  auto take_rows = [&](auto rows, int64_t y) {
    constexpr int most_vectors = CNN_SUMS / decltype(rows)::value;
    int64_t v = 0;
    auto take = [&](auto vectors) {
      if constexpr (decltype(vectors)::value <= most_vectors) {
        for (; v + decltype(vectors)::value <= row_vectors; v += decltype(vectors)::value) {
          piece(rows, vectors, y, v * lanes);
        }
      }
    };
    take(std::integral_constant<int, 6>());
    take(std::integral_constant<int, 4>());
    take(std::integral_constant<int, 3>());
    take(std::integral_constant<int, 2>());
    take(std::integral_constant<int, 1>());
  };
  int64_t y = 0;
  if (most_rows >= 3) {
    for (; y + 3 <= g.kernel_v; y += 3) {
      take_rows(std::integral_constant<int, 3>(), y);
    }
  }
  for (; y < g.kernel_v; y++) {
    take_rows(std::integral_constant<int, 1>(), y);
  }
}

// Not inlined: a loop of its own has all registers to itself.
template <int Rows, int Vectors>
__attribute__((noinline)) void add_patches(
    const Live* live, int64_t count, const float* padded, int64_t row, int64_t weight_row, float* __restrict weight) {
  Vector sums[Rows][Vectors];
  for (int r = 0; r < Rows; r++) {
    for (int v = 0; v < Vectors; v++) {
      sums[r][v] = load(weight + r * weight_row + v * lanes);
    }
  }
  for (int64_t i = 0; i < count; i++) {
    const float* patch = padded + live[i].place;
    for (int r = 0; r < Rows; r++, patch += row) {
      for (int v = 0; v < Vectors; v++) {
        sums[r][v] += live[i].gradient * load(patch + v * lanes);
      }
    }
  }
  for (int r = 0; r < Rows; r++) {
    for (int v = 0; v < Vectors; v++) {
      store(weight + r * weight_row + v * lanes, sums[r][v]);
    }
  }
}

/// Rows of windows from `first` to `last`.
void weight_gradient_of_rows(
    const ConvPoolGeometry& g, int64_t first, int64_t last, const float* padded, const float* gradient,
    const uint8_t* winners, Live* room, float* weight_sum, float* bias_sum) {
  const Places places(g);
  const int64_t row = g.row(), width = g.pooled_width();
  const int64_t weight_row = (g.kernel_row() + lanes - 1) / lanes * lanes;
  for (int64_t filter = 0; filter < g.filters; filter++) {
    int64_t count = 0;
    float sum = 0;
    const float* slope = gradient + first * width * g.filters + filter;
    const uint8_t* winner = winners + first * width * g.filters + filter;
    for (int64_t y = first; y < last; y++) {
      int64_t origin = 2 * y * row;
      for (int64_t x = 0; x < width; x++, origin += 2 * g.channels, slope += g.filters, winner += g.filters) {
        room[count] = {*slope, static_cast<int32_t>(origin + places.of[*winner & 3])};
        const bool lives = *winner != cnn::no_winner;
        sum += lives ? *slope : 0;
        count += lives;
      }
    }
    bias_sum[filter] += sum;
    float* weight = weight_sum + filter * g.kernel_v * weight_row;
    for_each_piece(g, g.kernel_v, [&](auto rows, auto vectors, int64_t y, int64_t x) {
      add_patches<decltype(rows)::value, decltype(vectors)::value>(
          room, count, padded + y * row + x, row, weight_row, weight + y * weight_row + x);
    });
  }
}

/// The same for kernels of one vector: no lists, and each window's four patches are read once.
void weight_gradient_of_points(
    const ConvPoolGeometry& g, const float* padded, const float* gradient, const uint8_t* winners, float* slopes,
    float* weight_sum, float* bias_sum) {
  const Places places(g);
  for (int64_t y = 0; y < g.pooled_height(); y++) {
    const float* origin = padded + 2 * y * g.row();
    for (int64_t x = 0; x < g.pooled_width(); x++, origin += 2 * g.channels, gradient += g.filters, winners += g.filters) {
      for (int64_t filter = 0; filter < g.filters; filter++) {
        slopes[filter] = winners[filter] == cnn::no_winner ? 0 : gradient[filter];
        bias_sum[filter] += slopes[filter];
      }
      for (int64_t filter = 0; filter < g.filters; filter++) {
        float* sum = weight_sum + filter * lanes;
        store(sum, load(sum) + slopes[filter] * load(origin + places.of[winners[filter] & 3]));
      }
    }
  }
}

void weight_gradient(
    const ConvPoolGeometry& g, const float* padded, const float* gradient, const uint8_t* winners, Live* room,
    float* weight_sum, float* bias_sum) {
  if (g.kernel_v == 1 && g.kernel_row() <= lanes) {
    weight_gradient_of_points(
        g, padded, gradient, winners, reinterpret_cast<float*>(room), weight_sum, bias_sum);
    return;
  }
  // As many rows as the nearest cache holds: each filter reads them all again.
  const int64_t near = 20 * 1024 / static_cast<int64_t>(sizeof(float));
  const int64_t rows = std::max<int64_t>(1, (near / g.row() - g.kernel_v + 1) / 2);
  for (int64_t y = 0; y < g.pooled_height(); y += rows) {
    weight_gradient_of_rows(
        g, y, std::min(y + rows, g.pooled_height()), padded, gradient, winners, room, weight_sum, bias_sum);
  }
}

template <int Rows, int Vectors>
__attribute__((noinline)) void add_kernels(
    const int32_t* filters, int64_t count, const float* gradient, const float* weight, int64_t filter_size,
    int64_t weight_row, int64_t row, float* padded) {
  Vector sums[Rows][Vectors] = {};
  for (int64_t i = 0; i < count; i++) {
    const float* kernel = weight + filters[i] * filter_size;
    for (int r = 0; r < Rows; r++, kernel += weight_row) {
      for (int v = 0; v < Vectors; v++) {
        sums[r][v] += gradient[filters[i]] * load(kernel + v * lanes);
      }
    }
  }
  for (int r = 0; r < Rows; r++) {
    for (int v = 0; v < Vectors; v++) {
      float* to = padded + r * row + v * lanes;
      store(to, load(to) + sums[r][v]);
    }
  }
}

void input_gradient(
    const ConvPoolGeometry& g, const float* weight, const float* gradient, const uint8_t* winners, int32_t* room,
    float* padded_sum) {
  const Places places(g);
  const int64_t row = g.row(), width = g.pooled_width();
  const int64_t weight_row = (g.kernel_row() + lanes - 1) / lanes * lanes;
  const int64_t filter_size = g.kernel_v * weight_row;

  // For each window the filters that chose its first value, its second, ...: their kernels are added up first.
  int32_t* const ends = room + g.pooled() * g.filters;
  for (int64_t p = 0; p < g.pooled(); p++) {
    const uint8_t* chosen = winners + p * g.filters;
    int32_t next[5] = {};
    for (uint8_t place = 0; place < 4; place++) {
      int32_t count = 0;
      for (int64_t filter = 0; filter < g.filters; filter++) {
        count += chosen[filter] == place;
      }
      ends[4 * p + place] = next[place + 1] = next[place] + count;
    }
    int32_t* list = room + p * g.filters;
    for (int64_t filter = 0; filter < g.filters; filter++) {
      list[next[chosen[filter]]++] = static_cast<int32_t>(filter);
    }
  }

  // The kernels are read again for every window: as many of their rows at once as the nearest cache holds.
  const bool near = g.filters * filter_size * static_cast<int64_t>(sizeof(float)) <= 24 * 1024;
  for_each_piece(g, near ? g.kernel_v : 1, [&](auto rows, auto vectors, int64_t y, int64_t x) {
    for (int64_t py = 0, p = 0; py < g.pooled_height(); py++) {
      float* origin = padded_sum + (2 * py + y) * row + x;
      for (int64_t px = 0; px < width; px++, p++, origin += 2 * g.channels) {
        int32_t begin = 0;
        for (int place = 0; place < 4; place++) {
          const int32_t end = ends[4 * p + place];
          if (begin < end) {
            add_kernels<decltype(rows)::value, decltype(vectors)::value>(
                room + p * g.filters + begin, end - begin, gradient + p * g.filters, weight + y * weight_row + x,
                filter_size, weight_row, row, origin + places.of[place]);
          }
          begin = end;
        }
      }
    }
  });
}

}  // namespace
