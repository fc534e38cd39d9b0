// Orientation from gyroscope and accelerometer: which way is up, with an arbitrary heading.
//
// D. Laidig, T. Seel, "VQF", Information Fusion 91 (2023), section 3.1 and 3.2: the gyroscope is
// integrated into an almost inertial frame, where accelerations of a hand average to nothing within
// seconds; there the accelerometer is low-passed, and what remains is the vertical.
#pragma once

#include "gyro_bias.h"
#include "low_pass.h"
#include "quaternion.h"
#include "trigonometry.h"
#include "vector3.h"

namespace imu_gesture {

constexpr int kInclinationChannels = 3 + 9 + 2;  // acceleration, rotation matrix, removed offset

struct InclinationState {
  Quaternion integrated;  // from the board's frame to the almost inertial one
  Quaternion corrected;   // from there to the world's, z up
  LowPass<kInclinationChannels> low_passed;

  template <typename Io>
  void fields(Io& io) {
    integrated.fields(io);
    corrected.fields(io);
    low_passed.fields(io);
  }

  // From the board's frame to the world's; the heading is arbitrary.
  Quaternion attitude() const { return corrected * integrated; }
};

// Starts anew from a board that reads `acc_g`.
inline InclinationState level(const Vector3& acc_g) {
  InclinationState state;
  const float length = norm(acc_g);
  if (length > 0.0F) {
    state.integrated = levelling(acc_g * (1.0F / length));
  }
  return state;
}

// What goes into the low-pass filters; `acc_g` is turned into the almost inertial frame.
inline void inclination_input(const InclinationState& state, const Vector3& acc_g, const Vector3& bias_dps,
                              float* input) {
  copy_to(rotation_of(state.integrated) * acc_g, input);
  const Rotation attitude = rotation_of(state.attitude());
  for (int i = 0; i < kAxes; ++i) {
    copy_to(attitude.row[i], input + kAxes + kAxes * i);
  }
  const Vector3 removed_dps = attitude * bias_dps;
  input[12] = removed_dps.x;
  input[13] = removed_dps.y;
}

// The board has been reading `acc_g` at rest for `rest_s`: as if that had been averaged already.
inline void remember_rest(const Vector3& acc_g, const Vector3& bias_dps, float rest_s, float step_s,
                          InclinationState* state) {
  LowPass<kInclinationChannels>* low_passed = &state->low_passed;
  inclination_input(*state, acc_g, bias_dps, low_passed->value);
  low_passed->averaged_s = rest_s;
  low_passed->averaged = rest_s / step_s;
}

// Forgets which accelerations went before (after a gap).
inline void interrupt_inclination(InclinationState* state) {
  state->low_passed = LowPass<kInclinationChannels>();
}

inline void integrate(const Vector3& rate_dps, float step_s, InclinationState* state) {
  state->integrated = renormalised(state->integrated * turned_by(rate_dps, step_s));
}

// Takes one accelerometer reading after integrate(); returns what the correction says about the offset.
inline InclinationRate correct_inclination(const Vector3& acc_g, const Vector3& bias_dps, float tau_s,
                                           float step_s, InclinationState* state) {
  float input[kInclinationChannels];
  inclination_input(*state, acc_g, bias_dps, input);
  state->low_passed.update(input, tau_s, step_s);
  const float* low_passed = state->low_passed.value;
  InclinationRate seen = {};
  const Vector3 up = rotation_of(state->corrected) * vector3(low_passed);
  const float length = norm(up);
  if (length <= 0.0F) {
    return seen;
  }
  const Vector3 unit = up * (1.0F / length);
  state->corrected = renormalised(levelling(unit) * state->corrected);
  for (int i = 0; i < kAxes; ++i) {
    seen.direction.row[i] = vector3(low_passed + kAxes + kAxes * i);
  }
  const float dps_per_radian = kDegreesPerRadian / step_s;
  seen.correction_dps[0] = -unit.y * dps_per_radian;
  seen.correction_dps[1] = unit.x * dps_per_radian;
  seen.removed_dps[0] = low_passed[12];
  seen.removed_dps[1] = low_passed[13];
  return seen;
}

}  // namespace imu_gesture
