// Heading from the magnetometer: the turn about the vertical that makes north the y axis.
//
// D. Laidig, T. Seel, "VQF", Information Fusion 91 (2023), section 3.5: a first-order filter that trusts
// the gyroscope in the short run; in a disturbed field it holds still, and after a minute of that it
// follows slowly. How long it trusts the gyroscope: docs/decisions/heading-after-rest.md.
#pragma once

#include <math.h>
#include <stdint.h>

#include "low_pass.h"
#include "magnetic_field.h"
#include "quaternion.h"
#include "trigonometry.h"
#include "vector3.h"

namespace imu_gesture {

struct HeadingParams {
  float tau_s = 9.0F;             // longer: the gyroscope is trusted more
  float known_bias_tau_s = 12.0F;  // the same once its offset was measured at rest
  float still_tau_s = 0.5F;       // of the field seen by a board at rest
  float max_rejection_s = 60.0F;   // of a disturbed field
  float rejection_factor = 2.0F;   // by which the filter is slower afterwards
  MagneticFieldParams field;
};

struct Turning {
  float rate_dps;  // low-passed, offset removed
  bool at_rest;
  bool rest_seen;  // the offset was measured at rest
};

struct HeadingState {
  float angle_rad = 0.0F;  // east-north-up seen from the six-axis frame
  float start_gain = 1.0F;  // 1, 1/2, 1/3 ... for the first readings, then 0
  float rejected_s = 60.0F;
  uint8_t rest_averaged = 0;  // 1 when the first readings were taken at rest
  Quaternion turn;          // the same angle
  LowPass<kAxes> mag_ut;    // in the board's frame
  MagneticFieldState field;

  template <typename Io>
  void fields(Io& io) {
    io(angle_rad, start_gain, rejected_s, rest_averaged);
    turn.fields(io);
    mag_ut.fields(io);
    field.fields(io);
  }
};

inline void set_heading(float angle_rad, HeadingState* state) {
  state->angle_rad = wrap_angle(angle_rad);
  const SineCosine half = sine_cosine(0.5F * state->angle_rad);
  state->turn = quaternion(half.cosine, 0.0F, 0.0F, half.sine);
}

// The six-axis frame is another one now, while the board was still: `attitude` leads from the board to it.
inline void change_frame(const Rotation& attitude, HeadingState* state) {
  const Vector3 mag_ut = attitude * vector3(state->mag_ut.value);
  set_heading(arc_tangent(mag_ut.x, mag_ut.y), state);
}

// The next readings decide alone, as at the start.
inline void restart_heading(HeadingState* state) {
  state->start_gain = 1.0F;
  state->rest_averaged = 0;
}

inline float rejecting_gain(const HeadingParams& params, float gain, float step_s, HeadingState* state) {
  if (state->field.disturbed == 0U) {
    const float left_s = state->rejected_s - params.rejection_factor * step_s;
    state->rejected_s = left_s > 0.0F ? left_s : 0.0F;
    return gain;
  }
  if (state->rejected_s <= params.max_rejection_s) {
    state->rejected_s += step_s;
    return 0.0F;
  }
  return gain / params.rejection_factor;
}

// The first readings are averaged, until that is slower than `steady` or a board that was at rest sets off.
inline float starting_gain(float gain, float steady, bool turning, HeadingState* state) {
  if (steady >= state->start_gain || (state->rest_averaged != 0U && turning)) {
    state->start_gain = 0.0F;
    return gain;
  }
  const float chosen = state->start_gain;
  state->start_gain = chosen / (chosen + 1.0F);
  return chosen;
}

// `measured_ut`: one new reading; `attitude`: from the board's frame to the six-axis one; `step_s`: since the
// last reading.
inline void correct_heading(const HeadingParams& params, const float* measured_ut, const Rotation& attitude,
                            const Turning& turning, float step_s, HeadingState* state) {
  state->mag_ut.update(measured_ut, params.still_tau_s, step_s);
  const Vector3 mag_ut = attitude * vector3(measured_ut);
  watch_field(params.field, mag_ut, turning.rate_dps, step_s, &state->field);
  const float disagreement = wrap_angle(arc_tangent(mag_ut.x, mag_ut.y) - state->angle_rad);
  const float steady = first_order_gain(turning.rest_seen ? params.known_bias_tau_s : params.tau_s, step_s);
  float gain = rejecting_gain(params, steady, step_s, state);
  if (state->start_gain > 0.0F) {
    state->rest_averaged = turning.at_rest ? 1U : state->rest_averaged;
    gain = starting_gain(gain, steady, turning.rate_dps >= params.field.turning_dps, state);
  }
  set_heading(state->angle_rad + gain * disagreement, state);
}

}  // namespace imu_gesture
