// What whitening is computed from.
#include <cmath>
#include <limits>

#include "check.h"

TEST(whitening_adds_moments) {
  double sums[2] = {1, 0}, products[4] = {0, 0, 0, 1};
  auto images = check::bytes({2, 1, 1, 2});  // 0, 1 and 2, 3
  OK(cnn_add_moments(images, sums, products, 2));
  CHECK(sums[0] == 3 && sums[1] == 4);
  CHECK(products[0] == 4 && products[1] == 6 && products[2] == 6 && products[3] == 11);
  OK(cnn_add_moments(check::bytes({0, 1, 1, 2}), sums, products, 2));
  CHECK(sums[0] == 3 && products[3] == 11);

  FAILS(cnn_add_moments(images, nullptr, products, 2));
  FAILS(cnn_add_moments(images, sums, nullptr, 2));
  for (int64_t size : {int64_t{-1}, int64_t{0}, int64_t{1}, int64_t{3}, std::numeric_limits<int64_t>::max()}) {
    FAILS(cnn_add_moments(images, sums, products, size));
  }
  FAILS(cnn_add_moments(check::floats({2, 2}), sums, products, 2));
  FAILS(cnn_add_moments(check::bytes({2}), sums, products, 2));
  BAD_HANDLE(cnn_add_moments(0, sums, products, 2));
  CHECK(sums[0] == 3 && products[3] == 11);
}

TEST(whitening_finds_eigenvectors) {
  double matrix[4] = {2, 1, 1, 2}, values[2] = {};
  OK(cnn_eigen_symmetric(matrix, values, 2));
  CHECK(std::abs(values[0] - 1) < 1e-12 && std::abs(values[1] - 3) < 1e-12);
  CHECK(std::abs(std::abs(matrix[0]) - std::sqrt(0.5)) < 1e-12 && std::abs(matrix[0] + matrix[1]) < 1e-12);
  CHECK(std::abs(matrix[2] - matrix[3]) < 1e-12);

  double zeros[9] = {}, none[3] = {1, 1, 1};
  OK(cnn_eigen_symmetric(zeros, none, 3));
  CHECK(none[0] == 0 && none[2] == 0);

  for (double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    double broken[4] = {1, bad, bad, 1};
    FAILS(cnn_eigen_symmetric(broken, values, 2));
  }
  FAILS(cnn_eigen_symmetric(nullptr, values, 2));
  FAILS(cnn_eigen_symmetric(matrix, nullptr, 2));
  for (int64_t size : {int64_t{-1}, int64_t{0}, std::numeric_limits<int64_t>::max()}) {
    FAILS(cnn_eigen_symmetric(matrix, values, size));
  }
}
