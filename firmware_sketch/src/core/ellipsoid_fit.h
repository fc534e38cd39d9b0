// The ellipsoid closest to points of which only the moments are kept.
//
// Least squares on the general quadric with the trace of its matrix held fixed, so that it does not
// matter where the origin lies: D. Turner, I. Anderson, J. Mason, M. Cox, "An algorithm for fitting an
// ellipsoid to data", NPL report CMSC 27/99 (1999). The square root of the matrix, as in J. F.
// Vasconcelos et al., "Geometric approach to strapdown magnetometer calibration in sensor frame",
// IEEE Transactions on Aerospace and Electronic Systems 47 (2011), makes a sphere of it.
#pragma once

#include <math.h>
#include <string.h>

#include "ellipsoid_moments.h"
#include "linear_algebra.h"
#include "vector3.h"

namespace imu_gesture {

constexpr int kQuadric = 9;  // unknowns of a quadric

struct Ellipsoid {
  Vector3 centre;
  float radius = 0.0F;              // mean of the three
  float whitening[kAxes][kAxes];    // (point - centre) times this lies on the unit sphere
  float axis_ratio = 0.0F;          // longest to shortest
  float residual = 0.0F;            // root mean square distance from it, relative to the radius
  float pivot = 0.0F;               // conditioning of the equations: 0 singular, 1 perfect
  float coverage = 0.0F;            // least variance of the directions, times 3: 1 for a whole sphere
};

// Sphere through the points, for a first centre. False when the points do not tell.
inline bool sphere_centre(const MomentMatrix& mean, Vector3* centre) {
  float matrix[4][4];
  float vector[4];
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 4; ++j) {
      matrix[i][j] = mean[6 + i][6 + j];
    }
    vector[i] = mean[6 + i][0] + mean[6 + i][1] + mean[6 + i][2];
  }
  if (decompose(matrix) < 1e-3F) {
    return false;
  }
  solve_decomposed(matrix, vector);
  *centre = vector3(vector) * 0.5F;
  return true;
}

// Unknown `i` of the quadric stands before this combination of monomials.
inline void quadric_term(int i, float (&term)[kMonomials]) {
  for (float& weight : term) {
    weight = 0.0F;
  }
  if (i < 2) {
    term[0] = 1.0F;
    term[1] = i == 0 ? 1.0F : -2.0F;
    term[2] = i == 0 ? -2.0F : 1.0F;
    return;
  }
  term[i + 1] = i == 8 ? 1.0F : 2.0F;
}

// Mean product of a combination of monomials with monomial `j`.
inline float mean_product(const MomentMatrix& mean, const float (&term)[kMonomials], int j) {
  float sum = 0.0F;
  for (int k = 0; k < kMonomials; ++k) {
    sum += term[k] * mean[k][j];
  }
  return sum;
}

// Solves for the quadric; returns the conditioning, 0 when there is no solution.
inline float solve_quadric(const MomentMatrix& mean, float (&unknown)[kQuadric]) {
  float matrix[kQuadric][kQuadric];
  for (int i = 0; i < kQuadric; ++i) {
    float term[kMonomials];
    float product[kMonomials];
    quadric_term(i, term);
    for (int k = 0; k < kMonomials; ++k) {
      product[k] = mean_product(mean, term, k);
    }
    unknown[i] = product[0] + product[1] + product[2];
    for (int j = 0; j < kQuadric; ++j) {
      float other[kMonomials];
      quadric_term(j, other);
      matrix[i][j] = 0.0F;
      for (int k = 0; k < kMonomials; ++k) {
        matrix[i][j] += other[k] * product[k];
      }
    }
  }
  const float pivot = decompose(matrix);
  if (pivot > 0.0F) {
    solve_decomposed(matrix, unknown);
  }
  return pivot;
}

// Least variance of the whitened points in any direction, times 3.
inline float direction_coverage(const MomentMatrix& mean, const Ellipsoid& fit) {
  const int second[kAxes][kAxes] = {{0, 3, 4}, {3, 1, 5}, {4, 5, 2}};
  float whitened[kAxes][kAxes] = {};
  for (int i = 0; i < kAxes; ++i) {
    for (int j = 0; j < kAxes; ++j) {
      for (int k = 0; k < kAxes; ++k) {
        for (int l = 0; l < kAxes; ++l) {
          const float covariance = mean[second[k][l]][9] - mean[6 + k][9] * mean[6 + l][9];
          whitened[i][j] += fit.whitening[i][k] * covariance * fit.whitening[j][l];
        }
      }
    }
  }
  const Eigen3 eigen = eigen_symmetric(whitened);
  float least = eigen.value[0] < eigen.value[1] ? eigen.value[0] : eigen.value[1];
  least = least < eigen.value[2] ? least : eigen.value[2];
  return 3.0F * least;
}

// points' matrix points - 2 linear points = constant.
struct Quadric {
  float matrix[kAxes][kAxes];
  float linear[kAxes];
  float constant;
};

inline Quadric quadric_of(const float (&v)[kQuadric]) {
  return {{{1.0F - v[0] - v[1], -v[2], -v[3]},
           {-v[2], 1.0F - v[0] + 2.0F * v[1], -v[4]},
           {-v[3], -v[4], 1.0F + 2.0F * v[0] - v[1]}},
          {v[5], v[6], v[7]},
          v[8]};
}

// Scales the quadric so that (point - centre)' matrix (point - centre) is 1. False: no ellipsoid.
inline bool centre_quadric(Quadric* quadric, Vector3* centre) {
  float lower[kAxes][kAxes];
  memcpy(lower, quadric->matrix, sizeof lower);
  if (!(decompose(lower) > 0.0F)) {
    return false;
  }
  float found[kAxes];
  memcpy(found, quadric->linear, sizeof found);
  solve_decomposed(lower, found);
  *centre = vector3(found);
  const float size = dot(*centre, vector3(quadric->linear)) + quadric->constant;
  if (!(size > 0.0F)) {
    return false;
  }
  for (int i = 0; i < kAxes; ++i) {
    quadric->linear[i] /= size;
    for (float& entry : quadric->matrix[i]) {
      entry /= size;
    }
  }
  quadric->constant /= size;
  return true;
}

// Root mean square distance from the ellipsoid, relative to its size.
inline float relative_residual(const MomentMatrix& mean, const Quadric& q) {
  const float term[kMonomials] = {-q.matrix[0][0],
                                  -q.matrix[1][1],
                                  -q.matrix[2][2],
                                  -2.0F * q.matrix[0][1],
                                  -2.0F * q.matrix[0][2],
                                  -2.0F * q.matrix[1][2],
                                  2.0F * q.linear[0],
                                  2.0F * q.linear[1],
                                  2.0F * q.linear[2],
                                  q.constant};
  float sum = 0.0F;
  for (int j = 0; j < kMonomials; ++j) {
    sum += term[j] * mean_product(mean, term, j);
  }
  return sum > 0.0F ? 0.5F * sqrtf(sum) : 0.0F;
}

// Splits the matrix, whose unit is one at the surface, into radii and whitening. False: no ellipsoid.
inline bool whiten(float (&matrix)[kAxes][kAxes], Ellipsoid* fit) {
  const Eigen3 eigen = eigen_symmetric(matrix);
  float root[kAxes];
  float longest = 0.0F;
  float shortest = 1e30F;
  for (int i = 0; i < kAxes; ++i) {
    if (!(eigen.value[i] > 0.0F)) {
      return false;
    }
    root[i] = sqrtf(eigen.value[i]);
    const float radius = 1.0F / root[i];
    longest = radius > longest ? radius : longest;
    shortest = radius < shortest ? radius : shortest;
    fit->radius += radius / 3.0F;
  }
  fit->axis_ratio = longest / shortest;
  for (int i = 0; i < kAxes; ++i) {
    for (int j = 0; j < kAxes; ++j) {
      fit->whitening[i][j] = 0.0F;
      for (int k = 0; k < kAxes; ++k) {
        fit->whitening[i][j] += eigen.vector[i][k] * root[k] * eigen.vector[j][k];
      }
    }
  }
  return true;
}

// False when the points do not lie about an ellipsoid at all.
inline bool fit_ellipsoid(const EllipsoidMoments& moments, Ellipsoid* fit) {
  *fit = Ellipsoid();
  MomentMatrix mean;
  mean_moments(moments, mean);
  float unknown[kQuadric];
  fit->pivot = solve_quadric(mean, unknown);
  if (!(fit->pivot > 0.0F)) {
    return false;
  }
  Quadric quadric = quadric_of(unknown);
  if (!centre_quadric(&quadric, &fit->centre)) {
    return false;
  }
  fit->residual = relative_residual(mean, quadric);
  if (!whiten(quadric.matrix, fit)) {
    return false;
  }
  fit->coverage = direction_coverage(mean, *fit);
  return true;
}

}  // namespace imu_gesture
