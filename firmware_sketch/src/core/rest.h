// Is the board at rest? Known whatever the gyroscope's offset.
//
// Follows D. Laidig, T. Seel, "VQF", Information Fusion 91 (2023), section 3.3: at rest, readings stay
// close to their own low-passed values. There the low-passed rate must also be below 2 deg/s, which an
// LSM9DS1 (zero-rate level up to 30 deg/s) never meets. Here it must be close to the offset known so far;
// before there is any, every offset that a sensor may have is allowed, but the rate must be
// steadier. Steady readings far from the known offset count once they have lasted long enough
// (docs/decisions/rest-with-large-offset.md).
#pragma once

#include <stdint.h>

#include "low_pass.h"
#include "trigonometry.h"
#include "vector3.h"

namespace imu_gesture {

struct RestParams {
  float tau_s = 0.5F;               // of the low-pass filters
  float min_s = 1.5F;               // stillness that counts as rest
  float gyr_dps = 2.0F;             // largest deviation from the low-passed rate
  float acc_g = 0.051F;             // largest deviation from the low-passed acceleration: 0.5 m/s2
  float offset_dps = 2.0F;          // largest distance, on one axis, from the known offset
  float first_min_s = 0.6F;         // the same before any offset is known
  float first_gyr_dps = 1.0F;
  float first_offset_dps = 40.0F;
  float surprise_min_s = 5.0F;      // stillness after which another offset is believed
};

enum class Rest : uint8_t {
  kMotion,
  kRest,      // the offset is as expected
  kSurprise,  // rest, and the offset is not the one known: the first rest, or a jump
};

struct RestState {
  LowPass<kAxes> gyr_dps;
  LowPass<kAxes> acc_g;
  float quiet_s = 0.0F;     // since readings were last unsteady, by the usual thresholds
  float steady_s = 0.0F;    // by the thresholds for the first rest
  uint8_t resting = 0;
  uint8_t seen = 0;         // 1 once there was a rest
  uint8_t confirmed = 0;    // 1 once there was one of the usual length

  template <typename Io>
  void fields(Io& io) {
    gyr_dps.fields(io);
    acc_g.fields(io);
    io(quiet_s, steady_s, resting, seen, confirmed);
  }
};

inline float squared_distance(const float* a, const float* b) {
  return square(a[0] - b[0]) + square(a[1] - b[1]) + square(a[2] - b[2]);
}

inline float largest_distance(const float* a, const float* b) {
  float largest = 0.0F;
  for (int i = 0; i < kAxes; ++i) {
    const float distance = magnitude(a[i] - b[i]);
    largest = distance > largest ? distance : largest;
  }
  return largest;
}

// Forgets what went before (after a gap), but not whether there was ever a rest.
inline void interrupt_rest(RestState* state) {
  const uint8_t seen = state->seen;
  const uint8_t confirmed = state->confirmed;
  *state = RestState();
  state->seen = seen;
  state->confirmed = confirmed;
}

// So that the movement before does not delay what is seen of the rest after it.
inline void restart_low_pass(const RestParams& params, const float* acc_g, const float* gyr_dps, float step_s,
                             RestState* state) {
  state->gyr_dps = LowPass<kAxes>();
  state->acc_g = LowPass<kAxes>();
  state->gyr_dps.update(gyr_dps, params.tau_s, step_s);
  state->acc_g.update(acc_g, params.tau_s, step_s);
}

inline void measure_stillness(const RestParams& params, const float* acc_g, const float* gyr_dps, float step_s,
                              RestState* state) {
  state->gyr_dps.update(gyr_dps, params.tau_s, step_s);
  state->acc_g.update(acc_g, params.tau_s, step_s);
  const float gyr = squared_distance(gyr_dps, state->gyr_dps.value);
  const float acc = squared_distance(acc_g, state->acc_g.value);
  const bool still = acc < square(params.acc_g);
  const bool quiet = still && gyr < square(params.gyr_dps);
  const bool steady = still && gyr < square(params.first_gyr_dps);
  if (!quiet) {
    restart_low_pass(params, acc_g, gyr_dps, step_s, state);
  }
  state->quiet_s = quiet ? state->quiet_s + step_s : 0.0F;
  state->steady_s = steady ? state->steady_s + step_s : 0.0F;
}

inline Rest judge_rest(const RestParams& params, const float* bias_dps, const RestState& state) {
  const float no_offset[kAxes] = {};
  if (state.quiet_s <= 0.0F || largest_distance(state.gyr_dps.value, no_offset) > params.first_offset_dps) {
    return Rest::kMotion;
  }
  if (state.seen == 0U) {
    return state.steady_s >= params.first_min_s ? Rest::kSurprise : Rest::kMotion;
  }
  if (largest_distance(state.gyr_dps.value, bias_dps) <= params.offset_dps) {
    return state.resting != 0U || state.quiet_s >= params.min_s ? Rest::kRest : Rest::kMotion;
  }
  const float needed_s = state.confirmed != 0U ? params.surprise_min_s : params.min_s;
  return state.steady_s >= needed_s ? Rest::kSurprise : Rest::kMotion;
}

// Takes one sample; `bias_dps`: (3,) the offset known so far.
inline Rest detect_rest(const RestParams& params, const float* acc_g, const float* gyr_dps,
                        const float* bias_dps, float step_s, RestState* state) {
  measure_stillness(params, acc_g, gyr_dps, step_s, state);
  const Rest rest = judge_rest(params, bias_dps, *state);
  state->resting = rest == Rest::kMotion ? 0U : 1U;
  if (rest != Rest::kMotion) {
    state->seen = 1;
    state->confirmed = state->quiet_s >= params.min_s ? 1U : state->confirmed;
  }
  return rest;
}

}  // namespace imu_gesture
