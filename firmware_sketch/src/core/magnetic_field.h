// Is the magnetic field the earth's? Strength and dip are compared with those seen before.
//
// D. Laidig, T. Seel, "VQF", Information Fusion 91 (2023), section 3.6.
#pragma once

#include <math.h>
#include <stdint.h>

#include "low_pass.h"
#include "trigonometry.h"
#include "vector3.h"

namespace imu_gesture {

struct MagneticFieldParams {
  float tau_s = 0.05F;             // of strength and dip
  float reference_tau_s = 20.0F;   // with which the reference follows
  float strength = 0.1F;           // largest deviation of the strength, relative
  float dip_deg = 10.0F;           // and of the dip
  float undisturbed_s = 0.5F;      // within both limits before the field is trusted
  float new_s = 20.0F;             // of turning in another field until that becomes the reference
  float first_s = 5.0F;            // the same while there is no reference
  float turning_dps = 20.0F;       // slower turning does not count
};

struct FieldStrengthDip {
  float strength_ut = 0.0F;
  float dip_rad = 0.0F;

  template <typename Io>
  void fields(Io& io) {
    io(strength_ut, dip_rad);
  }
};

struct MagneticFieldState {
  LowPass<2> now;              // strength in µT, dip in radians
  FieldStrengthDip reference;  // strength 0: none yet
  FieldStrengthDip candidate;
  float undisturbed_s = 0.0F;
  float candidate_s = 0.0F;
  uint8_t disturbed = 1;

  template <typename Io>
  void fields(Io& io) {
    now.fields(io);
    reference.fields(io);
    candidate.fields(io);
    io(undisturbed_s, candidate_s, disturbed);
  }
};

inline bool is_alike(const MagneticFieldParams& params, const FieldStrengthDip& a, const FieldStrengthDip& b) {
  return magnitude(a.strength_ut - b.strength_ut) < params.strength * b.strength_ut &&
         magnitude(a.dip_rad - b.dip_rad) < params.dip_deg * kRadiansPerDegree;
}

inline void approach(const FieldStrengthDip& seen, float gain, FieldStrengthDip* estimate) {
  estimate->strength_ut += gain * (seen.strength_ut - estimate->strength_ut);
  estimate->dip_rad += gain * (seen.dip_rad - estimate->dip_rad);
}

inline void follow_reference(const MagneticFieldParams& params, const FieldStrengthDip& seen, float step_s,
                             MagneticFieldState* state) {
  if (!is_alike(params, seen, state->reference)) {
    state->undisturbed_s = 0.0F;
    state->disturbed = 1;
    return;
  }
  state->undisturbed_s += step_s;
  if (state->undisturbed_s >= params.undisturbed_s) {
    state->disturbed = 0;
    approach(seen, first_order_gain(params.reference_tau_s, step_s), &state->reference);
  }
}

inline void follow_candidate(const MagneticFieldParams& params, const FieldStrengthDip& seen, bool turning,
                             float step_s, MagneticFieldState* state) {
  if (!is_alike(params, seen, state->candidate)) {
    state->candidate_s = 0.0F;
    state->candidate = seen;
    return;
  }
  state->candidate_s += turning ? step_s : 0.0F;
  approach(seen, first_order_gain(params.reference_tau_s, step_s), &state->candidate);
  const float needed_s = state->reference.strength_ut > 0.0F ? params.new_s : params.first_s;
  if (state->disturbed != 0U && state->candidate_s >= needed_s) {
    state->reference = state->candidate;
    state->disturbed = 0;
    state->undisturbed_s = params.undisturbed_s;
  }
}

// `mag_ut`: field in the world's frame, z up; `rate_dps`: how fast the board turns.
inline void watch_field(const MagneticFieldParams& params, const Vector3& mag_ut, float rate_dps, float step_s,
                        MagneticFieldState* state) {
  const float horizontal_ut = sqrtf(mag_ut.x * mag_ut.x + mag_ut.y * mag_ut.y);
  const float input[2] = {norm(mag_ut), arc_tangent(-mag_ut.z, horizontal_ut)};
  state->now.update(input, params.tau_s, step_s);
  FieldStrengthDip seen;
  seen.strength_ut = state->now.value[0];
  seen.dip_rad = state->now.value[1];
  follow_reference(params, seen, step_s, state);
  follow_candidate(params, seen, rate_dps >= params.turning_dps, step_s, state);
}

}  // namespace imu_gesture
