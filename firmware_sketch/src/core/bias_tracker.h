// The gyroscope's offset, found whenever the board rests: what every front end needs, at a small part of
// the cost of `Orientation`, whose rest detection and filter it shares. In motion the offset stays as it is.
#pragma once

#include <stdint.h>

#include "clock.h"
#include "contract.h"
#include "gyro_bias.h"
#include "rest.h"
#include "sample.h"
#include "vector3.h"

namespace imu_gesture {

// Nothing in motion corrects a first rest that was none, so it has to last longer than `Orientation`'s.
inline RestParams cautious_rest() {
  RestParams params;
  params.first_min_s = 0.8F;
  params.first_offset_dps = 60.0F;  // twice the zero-rate level of the LSM9DS1's datasheet
  return params;
}

struct BiasTrackerParams {
  float max_gap_s = 0.1F;  // longer silence interrupts the low-pass filters
  RestParams rest = cautious_rest();
  GyroBiasParams bias;
};

// Everything remembered between samples; `fields` lists it for saving.
struct BiasTrackerState {
  uint32_t newest_us = 0;
  uint8_t started = 0;
  uint8_t at_rest = 0;
  RestState rest;
  GyroBiasState bias;

  template <typename Io>
  void fields(Io& io) {
    io(newest_us, started, at_rest);
    rest.fields(io);
    bias.fields(io);
  }
};

class BiasTracker {
 public:
  using Params = BiasTrackerParams;

  explicit BiasTracker(const BiasTrackerParams& params) : params_(params) { state_.bias = unknown_bias(params.bias); }

  // The offset is known from before, as well as `sigma_dps` says.
  void know_bias(const Vector3& bias_dps, float sigma_dps) {
    adopt_bias(params_.bias, bias_dps, &state_.bias);
    const float variance = square(sigma_dps);
    state_.bias.variance.x = variance;
    state_.bias.variance.y = variance;
    state_.bias.variance.z = variance;
    state_.rest.seen = 1;
  }

  // What the gyroscope reads is corrected otherwise from now on: its offset is another by so much.
  void shift_bias(const Vector3& by_dps) {
    state_.bias.bias_dps = state_.bias.bias_dps + by_dps;
    state_.bias.anchor_dps = state_.bias.anchor_dps + by_dps;
    copy_to(vector3(state_.rest.gyr_dps.value) + by_dps, state_.rest.gyr_dps.value);
  }

  // Takes one sample; one whose time does not advance is ignored.
  void update(const ImuSample& sample) {
    const uint32_t time_us = sample.device_time_us;
    const bool started = state_.started != 0U;
    if (started && !is_later(time_us, state_.newest_us)) {
      return;
    }
    const float step_s = started ? static_cast<float>(elapsed_us(state_.newest_us, time_us)) * 1e-6F : 0.0F;
    state_.newest_us = time_us;
    state_.started = 1;
    if (!started) {
      return;
    }
    if (step_s > params_.max_gap_s) {
      interrupt(step_s);
    } else {
      track(sample, step_s);
    }
  }

  Vector3 bias_dps() const { return state_.bias.bias_dps; }
  float bias_sigma_dps() const { return imu_gesture::bias_sigma_dps(state_.bias); }
  bool at_rest() const { return state_.at_rest != 0U; }
  bool rest_seen() const { return state_.rest.seen != 0U; }
  const RestState& rest() const { return state_.rest; }

  const BiasTrackerState& state() const { return state_; }
  void restore(const BiasTrackerState& state) { state_ = state; }

 private:
  void interrupt(float silence_s) {
    state_.at_rest = 0;
    interrupt_rest(&state_.rest);
    forget_bias(params_.bias, silence_s, &state_.bias);
  }

  void track(const ImuSample& sample, float step_s) {
    float known_dps[kAxes];
    copy_to(state_.bias.bias_dps, known_dps);
    const Rest rest = detect_rest(params_.rest, sample.acc_g, sample.gyr_dps, known_dps, step_s, &state_.rest);
    state_.at_rest = rest == Rest::kMotion ? 0U : 1U;
    if (rest == Rest::kSurprise) {
      adopt_bias(params_.bias, vector3(state_.rest.gyr_dps.value), &state_.bias);
    }
    if (rest == Rest::kMotion) {
      forget_bias(params_.bias, step_s, &state_.bias);
    } else {
      track_bias_at_rest(params_.bias, state_.rest.gyr_dps.value, step_s, &state_.bias);
    }
  }

  BiasTrackerParams params_;
  BiasTrackerState state_;
};

}  // namespace imu_gesture
