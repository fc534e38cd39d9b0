// Running moments of points in space, up to the fourth order: all that an ellipsoid fit needs to know.
#pragma once

#include <stdint.h>

#include "contract.h"
#include "vector3.h"

namespace imu_gesture {

constexpr int kMonomials = 10;  // x2 y2 z2 xy xz yz x y z 1
constexpr int kMoments = kMonomials * (kMonomials + 1) / 2;

using MomentMatrix = float[kMonomials][kMonomials];

// Weighted sums of the products of every two monomials; only the lower triangle.
struct EllipsoidMoments {
  float sum[kMoments] = {};

  template <typename Io>
  void fields(Io& io) {
    io(sum);
  }
};

inline float total_weight(const EllipsoidMoments& moments) { return moments.sum[kMoments - 1]; }

// Adds a point after what is there has lost its share: each point before counts `memory` times as much.
inline void add_point(const Vector3& p, float memory, EllipsoidMoments* moments) {
  const float monomial[kMonomials] = {p.x * p.x, p.y * p.y, p.z * p.z, p.x * p.y, p.x * p.z,
                                      p.y * p.z, p.x,       p.y,       p.z,       1.0F};
  float* sum = moments->sum;
  for (int i = 0; i < kMonomials; ++i) {
    for (int j = 0; j <= i; ++j) {
      *sum = memory * *sum + monomial[i] * monomial[j];
      ++sum;
    }
  }
}

// Means of the products, as a full matrix.
inline void mean_moments(const EllipsoidMoments& moments, MomentMatrix& mean) {
  const float share = 1.0F / total_weight(moments);
  const float* sum = moments.sum;
  for (int i = 0; i < kMonomials; ++i) {
    for (int j = 0; j <= i; ++j) {
      mean[i][j] = *sum++ * share;
      mean[j][i] = mean[i][j];
    }
  }
}

// How the monomials of a point less `by` follow from those of the point: (kMonomials, kMonomials).
inline void shift_of(const Vector3& by, MomentMatrix& shift) {
  const float d[kAxes] = {by.x, by.y, by.z};
  for (int i = 0; i < kMonomials; ++i) {
    for (int j = 0; j < kMonomials; ++j) {
      shift[i][j] = i == j ? 1.0F : 0.0F;
    }
  }
  const int pairs[6][2] = {{0, 0}, {1, 1}, {2, 2}, {0, 1}, {0, 2}, {1, 2}};
  for (int i = 0; i < 6; ++i) {
    const int a = pairs[i][0];
    const int b = pairs[i][1];
    shift[i][6 + a] -= d[b];
    shift[i][6 + b] -= d[a];
    shift[i][9] = d[a] * d[b];
  }
  for (int a = 0; a < kAxes; ++a) {
    shift[6 + a][9] = -d[a];
  }
}

// The moments that the same points would have, seen from `by`.
inline void shift_moments(const Vector3& by, EllipsoidMoments* moments) {
  MomentMatrix shift;
  MomentMatrix mean;
  MomentMatrix half;
  shift_of(by, shift);
  mean_moments(*moments, mean);
  for (int i = 0; i < kMonomials; ++i) {
    for (int j = 0; j < kMonomials; ++j) {
      half[i][j] = 0.0F;
      for (int k = 0; k < kMonomials; ++k) {
        half[i][j] += shift[i][k] * mean[k][j];
      }
    }
  }
  const float weight = total_weight(*moments);
  float* sum = moments->sum;
  for (int i = 0; i < kMonomials; ++i) {
    for (int j = 0; j <= i; ++j) {
      float shifted = 0.0F;
      for (int k = 0; k < kMonomials; ++k) {
        shifted += half[i][k] * shift[j][k];
      }
      *sum++ = shifted * weight;
    }
  }
}

}  // namespace imu_gesture
