// When a window is classified: the manifest's regime says which of those that slide along.
#pragma once

#include <stdint.h>

#include "motion.h"

namespace imu_gesture {

enum class Regime : uint8_t {
  kContinuous = 0,  // one every `hop_samples` rows
  kTriggered = 1,   // one at the end of each motion, for itself
};

struct WindowParams {
  int samples = 50;
  int hop_samples = 5;
  Regime regime = Regime::kContinuous;
  MotionParams motion;  // triggered only
};

class Schedule {
 public:
  // `params` must stay where it is. Rows are `step_s` apart.
  Schedule(const WindowParams& params, int channels, float step_s)
      : params_(&params), channels_(channels), step_s_(step_s) {}

  void reset() {
    rows_ = 0;
    until_due_ = 0;
    motion_ = MotionDetector();
  }

  // Whether the scores of a window say nothing about those before: each motion is decided by itself.
  bool starts_anew() const { return params_->regime == Regime::kTriggered; }

  // Takes one row; true when the window that ends with it is due.
  bool push(const float* row) {
    const bool triggered = params_->regime == Regime::kTriggered;
    const bool over = triggered && motion_.update(params_->motion, row, channels_, step_s_);
    if (rows_ < params_->samples) {
      ++rows_;
    }
    if (rows_ < params_->samples) {
      return false;
    }
    return triggered ? over : hop();
  }

 private:
  bool hop() {
    if (until_due_ > 0) {
      --until_due_;
      return false;
    }
    until_due_ = params_->hop_samples - 1;
    return true;
  }

  const WindowParams* params_;
  int channels_;
  float step_s_;
  int rows_ = 0;       // of a window, as far as they are there
  int until_due_ = 0;  // rows to come before the next window is due
  MotionDetector motion_;
};

}  // namespace imu_gesture
