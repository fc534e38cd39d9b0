// When a board may save power: it has lain still for a while and nobody listens.
#pragma once

#include <stdint.h>

#include "clock.h"

namespace imu_gesture {

struct DutyParams {
  uint32_t still_us = 30000000;  // so long before it dozes
};

class Duty {
 public:
  explicit Duty(const DutyParams& params = DutyParams()) : params_(params) {}

  // Call at least once an hour. `busy`: a host listens, or somebody looks at the board.
  void update(bool at_rest, bool busy, uint32_t now_us) {
    const uint32_t passed_us = elapsed_us(newest_us_, now_us);
    newest_us_ = now_us;
    if (!at_rest || busy) {
      still_us_ = 0;
    } else if (still_us_ < params_.still_us) {
      still_us_ = passed_us < params_.still_us ? still_us_ + passed_us : params_.still_us;
    }
  }
  bool dozing() const { return still_us_ >= params_.still_us; }

 private:
  DutyParams params_;
  uint32_t newest_us_ = 0;
  uint32_t still_us_ = 0;
};

}  // namespace imu_gesture
