// The gyroscope's offset, tracked at rest and in motion, with its uncertainty.
//
// The Kalman filter of D. Laidig, T. Seel, "VQF", Information Fusion 91 (2023), section 3.4: at rest it
// sees the low-passed rate; in motion it sees the rate at which the accelerometer corrects the
// inclination, which says nothing about the vertical. The measurement noise is diagonal, so
// the three components are taken in one after the other: the same result without a matrix inverse, and
// a covariance that stays symmetric. In the vertical, VQF lets the estimate decay towards zero; here it
// decays towards what the last rest has shown (docs/decisions/gyroscope-offset.md).
#pragma once

#include <math.h>

#include "low_pass.h"
#include "quaternion.h"
#include "trigonometry.h"
#include "vector3.h"

namespace imu_gesture {

struct GyroBiasParams {
  float sigma_initial_dps = 0.5F;
  float forgetting_s = 100.0F;       // in which the uncertainty grows from 0 to 0.1 deg/s
  float limit_dps = 40.0F;           // of the estimate, on each axis
  float sigma_motion_dps = 0.1F;     // to which it converges in motion
  float sigma_rest_dps = 0.02F;      // and at rest
  float vertical_forgetting = 1e-4F;  // weight of the decay in the vertical, beside the horizontal
  float disagreement_dps = 2.0F;     // to which one measurement's disagreement is cut
};

struct GyroBiasState {
  Vector3 bias_dps;
  Vector3 anchor_dps;  // the estimate at the last rest
  Vector3 variance;    // the covariance's diagonal, deg2/s2
  Vector3 covariance;  // and its yz, xz, xy

  template <typename Io>
  void fields(Io& io) {
    bias_dps.fields(io);
    anchor_dps.fields(io);
    variance.fields(io);
    covariance.fields(io);
  }
};

inline GyroBiasState unknown_bias(const GyroBiasParams& params) {
  GyroBiasState state;
  const float prior = square(params.sigma_initial_dps);
  state.variance.x = prior;
  state.variance.y = prior;
  state.variance.z = prior;
  return state;
}

// Upper bound of the standard deviation in any direction (Gershgorin's circles).
inline float bias_sigma_dps(const GyroBiasState& state) {
  const float yz = magnitude(state.covariance.x);
  const float xz = magnitude(state.covariance.y);
  const float xy = magnitude(state.covariance.z);
  float largest = state.variance.x + xy + xz;
  largest = largest > state.variance.y + xy + yz ? largest : state.variance.y + xy + yz;
  largest = largest > state.variance.z + xz + yz ? largest : state.variance.z + xz + yz;
  return sqrtf(largest);
}

// The rest has shown another offset: believe it, as a sensor whose offset nobody knows.
inline void adopt_bias(const GyroBiasParams& params, const Vector3& bias_dps, GyroBiasState* state) {
  *state = unknown_bias(params);
  state->bias_dps = bias_dps;
  state->anchor_dps = bias_dps;
}

// Variance that the offset gains in `step_s`: it walks at random.
inline float walked_variance(const GyroBiasParams& params, float step_s) {
  return 0.01F * step_s / params.forgetting_s;
}

// Noise of one measurement for which the filter converges to `sigma_dps`.
inline float measurement_noise(float sigma_dps, float walked) {
  const float variance = square(sigma_dps);
  return variance * variance / walked + variance;
}

inline void forget_bias(const GyroBiasParams& params, float step_s, GyroBiasState* state) {
  const float prior = square(params.sigma_initial_dps);
  const float walked = walked_variance(params, step_s);
  state->variance.x += state->variance.x < prior ? walked : 0.0F;
  state->variance.y += state->variance.y < prior ? walked : 0.0F;
  state->variance.z += state->variance.z < prior ? walked : 0.0F;
}

// Takes in `disagreement` = measured - direction . bias, whose noise has the variance `noise`.
inline void measure_bias(const Vector3& direction, float disagreement, float noise, GyroBiasState* state) {
  const Vector3& v = state->variance;
  const Vector3& c = state->covariance;
  Vector3 seen;  // covariance times direction
  seen.x = v.x * direction.x + c.z * direction.y + c.y * direction.z;
  seen.y = c.z * direction.x + v.y * direction.y + c.x * direction.z;
  seen.z = c.y * direction.x + c.x * direction.y + v.z * direction.z;
  const float share = 1.0F / (dot(direction, seen) + noise);
  const Vector3 gain = seen * share;
  state->bias_dps = state->bias_dps + gain * disagreement;
  state->variance.x -= gain.x * seen.x;
  state->variance.y -= gain.y * seen.y;
  state->variance.z -= gain.z * seen.z;
  state->covariance.x -= gain.y * seen.z;
  state->covariance.y -= gain.x * seen.z;
  state->covariance.z -= gain.x * seen.y;
}

inline void limit_bias(const GyroBiasParams& params, GyroBiasState* state) {
  state->bias_dps.x = clamp(state->bias_dps.x, params.limit_dps);
  state->bias_dps.y = clamp(state->bias_dps.y, params.limit_dps);
  state->bias_dps.z = clamp(state->bias_dps.z, params.limit_dps);
}

// `rate_dps`: (3,) low-passed rate of a board at rest.
inline void track_bias_at_rest(const GyroBiasParams& params, const float* rate_dps, float step_s,
                               GyroBiasState* state) {
  forget_bias(params, step_s, state);
  const float noise = measurement_noise(params.sigma_rest_dps, walked_variance(params, step_s));
  const Vector3 before = state->bias_dps;
  const Vector3 disagreement = vector3(rate_dps) - before;
  const float limit = params.disagreement_dps;
  for (int axis = 0; axis < kAxes; ++axis) {
    const float unit[kAxes] = {axis == 0 ? 1.0F : 0.0F, axis == 1 ? 1.0F : 0.0F, axis == 2 ? 1.0F : 0.0F};
    const Vector3 direction = vector3(unit);
    const float moved = dot(direction, state->bias_dps - before);
    measure_bias(direction, clamp(dot(direction, disagreement), limit) - moved, noise, state);
  }
  limit_bias(params, state);
  state->anchor_dps = state->bias_dps;
}

// What the correction of the inclination says about the offset, in the horizontal plane of the world.
struct InclinationRate {
  Rotation direction;       // low-passed rotation from the board's frame to the world's
  float correction_dps[2];  // rate about x and y that the correction had to add
  float removed_dps[2];     // low-passed: what the offset already removed amounted to
};

inline void track_bias_in_motion(const GyroBiasParams& params, const InclinationRate& seen, float step_s,
                                 GyroBiasState* state) {
  forget_bias(params, step_s, state);
  const float noise = measurement_noise(params.sigma_motion_dps, walked_variance(params, step_s));
  const Vector3 before = state->bias_dps;
  const float limit = params.disagreement_dps;
  for (int axis = 0; axis < 2; ++axis) {
    const Vector3& direction = seen.direction.row[axis];
    const float disagreement = seen.correction_dps[axis] + seen.removed_dps[axis] - dot(direction, before);
    const float moved = dot(direction, state->bias_dps - before);
    measure_bias(direction, clamp(disagreement, limit) - moved, noise, state);
  }
  const Vector3& vertical = seen.direction.row[2];
  const float moved = dot(vertical, state->bias_dps - before);
  const float decay = dot(vertical, state->anchor_dps - before);
  measure_bias(vertical, clamp(decay, limit) - moved, noise / params.vertical_forgetting, state);
  limit_bias(params, state);
}

}  // namespace imu_gesture
