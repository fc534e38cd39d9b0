// Small dense systems of fixed size, solved in place.
#pragma once

#include <math.h>

#include "contract.h"
#include "trigonometry.h"

namespace imu_gesture {

// Cholesky's decomposition of a symmetric positive definite matrix (kSize, kSize) into its lower triangle.
// Returns the smallest pivot relative to the diagonal entry it comes from: how far the matrix is from
// singular; 0 when it is not positive definite in single precision.
template <int kSize>
float decompose(float (&matrix)[kSize][kSize]) {
  float smallest = 1.0F;
  for (int i = 0; i < kSize; ++i) {
    const float diagonal = matrix[i][i];
    for (int j = 0; j <= i; ++j) {
      float sum = matrix[i][j];
      for (int k = 0; k < j; ++k) {
        sum -= matrix[i][k] * matrix[j][k];
      }
      matrix[i][j] = i == j ? sum : sum / matrix[j][j];
    }
    const float pivot = matrix[i][i];
    if (!(pivot > 1e-6F * diagonal)) {
      return 0.0F;
    }
    smallest = pivot < smallest * diagonal ? pivot / diagonal : smallest;
    matrix[i][i] = sqrtf(pivot);
  }
  return smallest;
}

// Replaces `vector` by the solution of the system whose matrix was decomposed.
template <int kSize>
void solve_decomposed(const float (&lower)[kSize][kSize], float (&vector)[kSize]) {
  for (int i = 0; i < kSize; ++i) {
    for (int k = 0; k < i; ++k) {
      vector[i] -= lower[i][k] * vector[k];
    }
    vector[i] /= lower[i][i];
  }
  for (int i = kSize - 1; i >= 0; --i) {
    for (int k = i + 1; k < kSize; ++k) {
      vector[i] -= lower[k][i] * vector[k];
    }
    vector[i] /= lower[i][i];
  }
}

struct Eigen3 {
  float value[kAxes];
  float vector[kAxes][kAxes];  // columns
};

// One Jacobi rotation that makes the entry (p, q) zero (Golub and Van Loan, "Matrix Computations", 8.5).
inline void rotate_away(int p, int q, float (&a)[kAxes][kAxes], Eigen3* eigen) {
  if (a[p][q] == 0.0F) {
    return;
  }
  const float half = (a[q][q] - a[p][p]) / (2.0F * a[p][q]);
  const float root = sqrtf(1.0F + half * half);
  const float tangent = half >= 0.0F ? 1.0F / (half + root) : 1.0F / (half - root);
  const float cosine = 1.0F / sqrtf(1.0F + tangent * tangent);
  const float sine = tangent * cosine;
  for (int k = 0; k < kAxes; ++k) {
    const float kp = a[k][p];
    const float kq = a[k][q];
    a[k][p] = cosine * kp - sine * kq;
    a[k][q] = sine * kp + cosine * kq;
  }
  for (int k = 0; k < kAxes; ++k) {
    const float pk = a[p][k];
    const float qk = a[q][k];
    a[p][k] = cosine * pk - sine * qk;
    a[q][k] = sine * pk + cosine * qk;
    const float vp = eigen->vector[k][p];
    const float vq = eigen->vector[k][q];
    eigen->vector[k][p] = cosine * vp - sine * vq;
    eigen->vector[k][q] = sine * vp + cosine * vq;
  }
}

// Eigenvalues, in no order, and eigenvectors of a symmetric matrix, which is spoilt.
inline Eigen3 eigen_symmetric(float (&matrix)[kAxes][kAxes]) {
  Eigen3 eigen = {{0.0F, 0.0F, 0.0F}, {{1.0F, 0.0F, 0.0F}, {0.0F, 1.0F, 0.0F}, {0.0F, 0.0F, 1.0F}}};
  for (int sweep = 0; sweep < 6; ++sweep) {
    rotate_away(0, 1, matrix, &eigen);
    rotate_away(0, 2, matrix, &eigen);
    rotate_away(1, 2, matrix, &eigen);
  }
  for (int i = 0; i < kAxes; ++i) {
    eigen.value[i] = matrix[i][i];
  }
  return eigen;
}

}  // namespace imu_gesture
