// Motions of the hand in rows at the model rate: where one has begun, and that it is over.
//
// What counts is how much readings vary within a moment, so gravity, a gyroscope's offset and slow drift do
// not, however the board is held. The variance is an exponentially weighted one: T. Finch, "Incremental
// calculation of weighted mean and variance", University of Cambridge (2009), section 9.
#pragma once

#include <math.h>
#include <stdint.h>

#include "contract.h"
#include "low_pass.h"
#include "trigonometry.h"

namespace imu_gesture {

// Variation is in g: of acceleration, and of the rate of turning by `dps_per_g`.
struct MotionParams {
  float memory_s = 0.05F;     // over which readings vary
  float dps_per_g = 200.0F;   // a turn of so many deg/s counts as much as 1 g
  float on_g = 0.12F;         // variation at which a motion begins, where nothing else moves
  float off_g = 0.07F;        // the same, below which it has ended
  float on_ratio = 2.4F;      // the same two in shares of what moves between motions
  float off_ratio = 1.7F;
  float peak_share = 0.16F;   // of the motion's greatest variation, below which it has ended in any case
  float rise_s = 1.0F;        // how fast what moves between motions is followed
  float fall_s = 0.4F;
  float shortest_s = 0.35F;   // what is shorter is a bump, of which a quarter of a second is seen
  float longest_s = 4.0F;     // then it has ended; what goes on is what moves between motions
  float calm_s = 0.2F;        // after which it is over: a pause within a motion is shorter
};

struct MotionState {
  float mean[kMaxChannels] = {};
  float variance_g2 = 0.0F;
  float between_g = 0.0F;  // what moves between motions
  float peak_g = 0.0F;     // of this motion
  float mean_g = 0.0F;
  float moving_s = 0.0F;   // since it began; 0: nothing moves
  float calm_s = 0.0F;     // since it last moved
  uint8_t begun = 0;       // 1 once there was a row

  template <typename Io>
  void fields(Io& io) {
    io(mean, variance_g2, between_g, peak_g, mean_g, moving_s, calm_s, begun);
  }
};

class MotionDetector {
 public:
  const MotionState& state() const { return state_; }
  void restore(const MotionState& state) { state_ = state; }

  // Takes a row of so many channels, `step_s` after the one before. True when a motion is over with it:
  // `calm_s` after its end, or at its greatest length.
  bool update(const MotionParams& params, const float* row, int channels, float step_s) {
    const float variation_g = measure(params, row, channels, step_s);
    if (state_.moving_s > 0.0F) {
      return move(params, variation_g, step_s);
    }
    if (variation_g > larger(params.on_g, params.on_ratio * state_.between_g)) {
      begin(variation_g, step_s);
    } else {
      const float pace_s = variation_g > state_.between_g ? params.rise_s : params.fall_s;
      state_.between_g += (variation_g - state_.between_g) * first_order_gain(pace_s, step_s);
    }
    return false;
  }

 private:
  static float larger(float a, float b) { return a > b ? a : b; }

  float measure(const MotionParams& params, const float* row, int channels, float step_s) {
    const float gain = state_.begun != 0U ? first_order_gain(params.memory_s, step_s) : 1.0F;
    state_.begun = 1;
    float acc = 0.0F;
    float gyr = 0.0F;
    for (int c = 0; c < channels; ++c) {
      const float off = row[c] - state_.mean[c];
      state_.mean[c] += gain * off;
      (c < kAxes ? acc : gyr) += square(off);
    }
    const float moved_g2 = acc + gyr / square(params.dps_per_g);
    state_.variance_g2 = (1.0F - gain) * (state_.variance_g2 + gain * moved_g2);
    return sqrtf(state_.variance_g2);
  }

  void begin(float variation_g, float step_s) {
    state_.moving_s = step_s;
    state_.calm_s = 0.0F;
    state_.peak_g = variation_g;
    state_.mean_g = variation_g;
  }

  bool move(const MotionParams& params, float variation_g, float step_s) {
    state_.moving_s += step_s;
    state_.mean_g += (variation_g - state_.mean_g) * (step_s / state_.moving_s);
    state_.peak_g = larger(state_.peak_g, variation_g);
    const float still_g = larger(params.off_g, larger(params.off_ratio * state_.between_g,
                                                      params.peak_share * state_.peak_g));
    state_.calm_s = variation_g > still_g ? 0.0F : state_.calm_s + step_s;
    if (state_.calm_s >= params.calm_s) {
      const float lasted_s = state_.moving_s - state_.calm_s;
      state_.moving_s = 0.0F;
      return lasted_s >= params.shortest_s;
    }
    if (state_.moving_s >= params.longest_s) {
      state_.between_g = state_.mean_g;
      state_.moving_s = 0.0F;
      return true;
    }
    return false;
  }

  MotionState state_;
};

}  // namespace imu_gesture
