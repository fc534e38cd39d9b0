// Orientation of the board, and the gyroscope's offset, from samples as they come.
//
// After D. Laidig, T. Seel, "VQF: Highly accurate IMU orientation estimation with bias estimation and
// magnetic disturbance rejection", Information Fusion 91 (2023), doi 10.1016/j.inffus.2022.10.014. What
// differs from there is said in docs/decisions/.
#pragma once

#include <stdint.h>

#include "clock.h"
#include "contract.h"
#include "gyro_bias.h"
#include "heading.h"
#include "inclination.h"
#include "orientation_state.h"
#include "quaternion.h"
#include "rest.h"
#include "sample.h"
#include "vector3.h"

namespace imu_gesture {

struct MagSample {
  uint32_t device_time_us;
  float mag_ut[kAxes];
};

// What an accelerometer at rest would read, in the board's frame.
inline Vector3 gravity_g(const Quaternion& attitude) { return rotation_of(attitude).row[2]; }

// How the board is accelerated, in its own frame.
inline Vector3 linear_acceleration_g(const Quaternion& attitude, const Vector3& acc_g) {
  return acc_g - gravity_g(attitude);
}

// No sensor reads more than this, and NaN is not less either.
inline bool is_usable(const Vector3& reading) { return dot(reading, reading) < 1e9F; }

class Orientation {
 public:
  using Params = OrientationParams;

  explicit Orientation(const OrientationParams& params) : params_(params) {
    state_.bias = unknown_bias(params.bias);
    forget_heading();
  }

  // Takes one accelerometer and gyroscope sample.
  void update(const ImuSample& sample) {
    if (!is_usable(vector3(sample.acc_g)) || !is_usable(vector3(sample.gyr_dps))) {
      ++state_.unusable;
      return;
    }
    if (state_.has_imu == 0U) {
      start(sample);
      return;
    }
    if (!is_later(sample.device_time_us, state_.imu_us)) {
      ++state_.out_of_order;
      return;
    }
    const float step_s = static_cast<float>(elapsed_us(state_.imu_us, sample.device_time_us)) * 1e-6F;
    state_.imu_us = sample.device_time_us;
    if (step_s > params_.max_gap_s) {
      interrupt(step_s);
    } else {
      advance(sample, step_s);
    }
  }

  // Takes one magnetometer reading that is new, after the inertial samples before it.
  void update(const MagSample& sample) {
    const Vector3 measured_ut = vector3(sample.mag_ut);
    if (!is_usable(measured_ut)) {
      ++state_.unusable;
      return;
    }
    if (state_.has_imu == 0U || dot(measured_ut, measured_ut) <= 0.0F) {
      return;
    }
    const bool later = is_later(sample.device_time_us, state_.mag_us);
    if (state_.has_mag != 0U && !later) {
      ++state_.out_of_order;
      return;
    }
    const uint32_t step_us = state_.has_mag != 0U ? elapsed_us(state_.mag_us, sample.device_time_us) : 0U;
    state_.has_mag = 1;
    state_.mag_us = sample.device_time_us;
    const Vector3 rate_dps = vector3(state_.gyr_dps.value) - state_.bias.bias_dps;
    const Turning turning = {norm(rate_dps), at_rest(), rest_seen()};
    correct_heading(params_.heading, sample.mag_ut, rotation_of(state_.attitude), turning,
                    static_cast<float>(step_us) * 1e-6F, &state_.heading);
  }

  // The offset is known from before, as well as `sigma_dps` says.
  void know_bias(const Vector3& bias_dps, float sigma_dps) {
    adopt_bias(params_.bias, bias_dps, &state_.bias);
    const float variance = square(sigma_dps);
    state_.bias.variance = Vector3();
    state_.bias.variance.x = variance;
    state_.bias.variance.y = variance;
    state_.bias.variance.z = variance;
    state_.rest.seen = 1;
    state_.rest.confirmed = 1;
  }

  // What the gyroscope reads is corrected otherwise from now on: its offset is another by so much.
  void shift_bias(const Vector3& by_dps) {
    state_.bias.bias_dps = state_.bias.bias_dps + by_dps;
    state_.bias.anchor_dps = state_.bias.anchor_dps + by_dps;
    shift(&state_.rest.gyr_dps, by_dps);
    shift(&state_.gyr_dps, by_dps);
  }

  // The magnetometer is calibrated otherwise from now on: north is found anew.
  void forget_heading() {
    state_.heading = HeadingState();
    state_.heading.rejected_s = params_.heading.max_rejection_s;
  }

  // From now on the heading is counted from where the board points.
  void zero_heading() { state_.zero_heading = inverse(heading_of(state_.attitude)); }

  // From the board's frame to one with z up: heading from where it was zeroed last.
  Quaternion attitude_6d() const { return state_.zero_heading * state_.attitude; }

  // From the board's frame to east, north, up.
  Quaternion attitude_9d() const { return state_.heading.turn * state_.attitude; }

  Vector3 bias_dps() const { return state_.bias.bias_dps; }
  float bias_sigma_dps() const { return imu_gesture::bias_sigma_dps(state_.bias); }
  bool at_rest() const { return state_.at_rest != 0U; }
  bool rest_seen() const { return state_.rest.seen != 0U; }
  const RestState& rest() const { return state_.rest; }
  bool field_disturbed() const { return state_.heading.field.disturbed != 0U; }

  const OrientationParams& params() const { return params_; }
  const OrientationState& state() const { return state_; }
  void restore(const OrientationState& state) { state_ = state; }

 private:
  static void shift(LowPass<kAxes>* low_passed, const Vector3& by) {
    copy_to(vector3(low_passed->value) + by, low_passed->value);
  }

  void start(const ImuSample& sample) {
    set_level(vector3(sample.acc_g));
    state_.has_imu = 1;
    state_.imu_us = sample.device_time_us;
  }

  void set_level(const Vector3& acc_g) {
    state_.inclination = level(acc_g);
    state_.attitude = state_.inclination.attitude();
    change_frame(rotation_of(state_.attitude), &state_.heading);
  }

  // Nobody knows how the board has turned in the meantime; the offset is still the same.
  void interrupt(float silence_s) {
    ++state_.gaps;
    state_.at_rest = 0;
    state_.gyr_dps = LowPass<kAxes>();
    interrupt_rest(&state_.rest);
    interrupt_inclination(&state_.inclination);
    restart_heading(&state_.heading);
    forget_bias(params_.bias, silence_s, &state_.bias);
  }

  void advance(const ImuSample& sample, float step_s) {
    const Vector3 gyr_dps = vector3(sample.gyr_dps);
    const Vector3 acc_g = vector3(sample.acc_g);
    state_.gyr_dps.update(sample.gyr_dps, params_.rest.tau_s, step_s);
    detect(sample, step_s);
    integrate(gyr_dps - state_.bias.bias_dps, step_s, &state_.inclination);
    if (dot(acc_g, acc_g) > 0.0F) {
      correct(acc_g, step_s);
    }
    state_.attitude = state_.inclination.attitude();
  }

  void detect(const ImuSample& sample, float step_s) {
    float known_dps[kAxes];
    copy_to(state_.bias.bias_dps, known_dps);
    const Rest rest = detect_rest(params_.rest, sample.acc_g, sample.gyr_dps, known_dps, step_s, &state_.rest);
    state_.at_rest = rest == Rest::kMotion ? 0U : 1U;
    if (rest != Rest::kSurprise) {
      return;
    }
    const Vector3 found_dps = vector3(state_.rest.gyr_dps.value);
    const Vector3 wrong_dps = found_dps - state_.bias.bias_dps;
    adopt_bias(params_.bias, found_dps, &state_.bias);
    if (norm(wrong_dps) > params_.relevel_dps) {
      const Vector3 acc_g = vector3(state_.rest.acc_g.value);
      set_level(acc_g);
      remember_rest(acc_g, found_dps, state_.rest.steady_s, step_s, &state_.inclination);
    }
  }

  void correct(const Vector3& acc_g, float step_s) {
    InclinationState* inclination = &state_.inclination;
    const InclinationRate seen =
        correct_inclination(acc_g, state_.bias.bias_dps, params_.tau_acc_s, step_s, inclination);
    if (state_.at_rest != 0U) {
      track_bias_at_rest(params_.bias, state_.rest.gyr_dps.value, step_s, &state_.bias);
    } else if (inclination->low_passed.settled != 0U) {
      track_bias_in_motion(params_.bias, seen, step_s, &state_.bias);
    } else {
      forget_bias(params_.bias, step_s, &state_.bias);
    }
  }

  OrientationParams params_;
  OrientationState state_;
};

}  // namespace imu_gesture
